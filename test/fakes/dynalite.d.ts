declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB as an HTTP server that keeps its tables in memory; it brings no types of its own. */
  function dynalite(options: { readonly createTableMs: number }): Server;

  export = dynalite;
}
