/* Loads what its link leads to, and puts it in the link's place. */

class Fragment extends HTMLElement {
  connectedCallback() {
    // The link may still be on its way, from the server or from another script.
    this.observer = new MutationObserver(() => this.load());
    this.observer.observe(this, { childList: true });
    this.load();
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.request?.abort();
    this.request = null;
  }

  async load() {
    const link = this.querySelector(".gamification-fragment__link");
    if (!link || this.request) return;
    const request = (this.request = new AbortController());
    this.observer.disconnect();
    this.setAttribute("aria-busy", "true");
    try {
      const address = new URL(link.href);
      address.searchParams.set("bare", "1");
      const response = await fetch(address, { signal: request.signal });
      // Another page than the one that was asked for, such as one to sign in on.
      if (!response.ok || response.redirected) throw response;
      const html = await response.text();
      if (request.signal.aborted) return;
      const hadFocus = this.contains(document.activeElement);
      this.innerHTML = html;
      this.classList.add("gamification-fragment--loaded");
      if (hadFocus) {
        this.tabIndex = -1;
        this.focus();
      }
      this.dispatchEvent(new Event("gamification:loaded", { bubbles: true }));
    } catch {
      if (request.signal.aborted) return;
      const message = document.createElement("span");
      message.setAttribute("role", "status");
      message.className = "gamification-fragment__error";
      this.append(message);
      message.textContent = this.dataset.error;
    }
    this.removeAttribute("aria-busy");
  }
}

customElements.define("gamification-fragment", Fragment);
