/** This machine's clock, in seconds since 1970-01-01 UTC. */
export const seconds = (): number => Math.floor(Date.now() / 1000);
