import { provide } from './host_edge';
import * as everything from './index_server';

/** The package, on the core that a runtime has compiled; `explain` needs none. */
export function withCore(module: object): typeof everything {
  provide(module);
  return everything;
}
