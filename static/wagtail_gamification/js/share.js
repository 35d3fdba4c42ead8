/* Copies an address where the browser lets it. */
for (const button of document.querySelectorAll("[data-gamification-copy]")) {
  button.hidden = !navigator.clipboard;
  button.onclick = async () => {
    const field = button.parentElement.querySelector("input");
    await navigator.clipboard.writeText(field.value);
    button.nextElementSibling.textContent = button.dataset.gamificationCopy;
  };
}
