/** Four voices that go their own ways together: the platform's mark, as paths in a box of 72 by 48. */
export const markPaths = [10, 20, 30, 40].map((y, index) => {
  const bend = index % 2 === 0 ? -8 : 8;
  return `M4 ${String(y)}c10 ${String(bend)} 22 ${String(bend)} 32 0s22 ${String(-bend)} 32 0`;
});
