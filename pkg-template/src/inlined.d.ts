declare module '*.deflate' {
  /** base64 of a deflate stream */
  const text: string;
  export default text;
}
declare module '*.brotli' {
  /** base64 of a brotli stream */
  const text: string;
  export default text;
}
