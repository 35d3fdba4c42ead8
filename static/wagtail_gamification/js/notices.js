/*
 * Makes what is new a toast. The event gamification:notices, on the document, asks
 * for what has come since.
 */
customElements.define(
  "gamification-notices",
  class extends HTMLElement {
    connectedCallback() {
      document.addEventListener("keydown", this);
      document.addEventListener("gamification:notices", this);
      this.tell(this);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this);
      document.removeEventListener("gamification:notices", this);
    }

    handleEvent(event) {
      if (event.key === "Escape") {
        [...this.children].forEach((toast) => this.dismiss(toast));
      } else if (!event.key) {
        this.fetch();
      }
    }

    async fetch() {
      const headers = { "X-Requested-With": "fetch" };
      const answer = await fetch(this.dataset.url, { headers });
      if (answer.status === 200 && !answer.redirected) {
        const template = document.createElement("template");
        template.innerHTML = await answer.text();
        this.tell(template.content);
      }
    }

    tell(parent) {
      const toasts = [...parent.children];
      toasts.forEach((toast) => {
        toast.remove();
        toast.classList.add("gamification-toast--floating");
        const button = toast.querySelector("button");
        button.hidden = false;
        button.onclick = () => this.dismiss(toast);
        toast.onmouseleave = () => this.wait(toast);
        toast.addEventListener("focusin", (event) => {
          // Where the keyboard goes back to.
          if (!toast.contains(event.relatedTarget)) toast.before = event.relatedTarget;
        });
        toast.addEventListener("focusout", () => this.wait(toast));
        this.wait(toast);
      });
      // Only what is added later is read out.
      setTimeout(() => this.append(...toasts), 200);
    }

    wait(toast) {
      clearTimeout(toast.timer);
      toast.timer = setTimeout(() => {
        if (!toast.matches(":hover, :focus-within")) this.dismiss(toast);
      }, 20000);
    }

    dismiss(toast) {
      const hadFocus = toast.contains(document.activeElement);
      toast.remove();
      if (hadFocus && toast.before) toast.before.focus();
    }
  },
);
