declare module 'jsurl' {
  export function parse(text: string): unknown;
}
