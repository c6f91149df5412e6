const key = "polyphony-loaded-anew";
const pauseMs = 10_000;

/**
 * Loads the page anew when a part of the console cannot be had: the network broke off, or a newer console is in its place
 * (https://vite.dev/guide/build#load-error-handling). When that did not help a moment ago, the page says that it has stopped.
 */
export const loadAnewWhenPartsAreMissing = (): void =>
  window.addEventListener("vite:preloadError", () => {
    const now = Date.now();
    if (now - Number(sessionStorage.getItem(key)) < pauseMs) return;
    sessionStorage.setItem(key, String(now));
    window.location.reload();
  });
