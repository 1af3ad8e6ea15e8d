/** The first call does it; later ones do nothing. */
export function onlyOnce(act: () => Promise<unknown>): () => Promise<unknown> {
  let next = act;
  return () => {
    const now = next;
    next = async () => {};
    return now();
  };
}
