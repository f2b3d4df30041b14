export { createClient } from './client_stub';
export * from './index_common';
