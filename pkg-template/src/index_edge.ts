import { provide } from './host_edge';
import * as everything from './index_node';

/** The package, on the core that a runtime has compiled. */
export function withCore(module: object): typeof everything {
  provide(module);
  return everything;
}
