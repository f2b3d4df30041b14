export { createClient } from './client';
export * from './index_common';
