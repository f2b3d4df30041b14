// The reference of the package, by TypeDoc. What is exported and not documented is an error.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Application, PageEvent } from 'typedoc';

const own = (name) => fileURLToPath(new URL(name, import.meta.url));

export async function writeApi({ template, version, out }) {
  const entries = entriesOf(template);
  const app = await Application.bootstrap({
    name: `wechat-realname ${version}`,
    entryPoints: [...entries.values()],
    // Of all sources, whichever of them is compiled with other options.
    tsconfig: own('tsconfig.json'),
    readme: own('api.md'),
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    hideGenerator: true,
    githubPages: false,
    // The addresses are those from the site's own folder; each page makes its own of them.
    navigationLinks: {
      中文: 'site:zh/index.html',
      Guides: 'site:en/index.html',
      Rust: 'site:rust/wechat_realname/index.html',
    },
    navigation: { includeFolders: false },
    includeHierarchySummary: false,
    sort: ['kind', 'alphabetical'],
    kindSortOrder: ['Module', 'Function', 'Variable', 'Class', 'Interface', 'TypeAlias'],
    groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', '*'],
    customCss: own('api.css'),
    validation: {
      invalidLink: true,
      invalidPath: true,
      notDocumented: true,
      notExported: true,
      rewrittenLink: true,
      unusedMergeModuleWith: true,
    },
    // What the compiler is asked for, which nobody hands in.
    intentionallyNotDocumented: ['', '.__type.prototype'].map((rest) => `wechat-realname.WebResponse.__type.Response${rest}`),
    logLevel: 'Warn',
  });
  app.renderer.on(PageEvent.END, (page) => {
    const up = '../'.repeat(page.url.split('/').length);
    page.contents = page.contents.replaceAll('href="site:', `href="${up}`);
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the sources');
  const modules = new Set(project.children.map(({ name }) => name));
  for (const [name, source] of entries) {
    if (!modules.has(name)) throw new Error(`${path.basename(source)}: its first comment has no \`@module ${name}\``);
  }
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('the API is not documented in full');
  await app.generateDocs(project, out);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('the API could not be written');
}

/** What the package exports as code: the name to import → its source. */
function entriesOf(template) {
  const { name, exports } = JSON.parse(fs.readFileSync(path.join(template, 'package.json'), 'utf8'));
  const subpaths = Object.keys(exports).filter((subpath) => /^\.(\/[\w-]+)?$/.test(subpath));
  const source = (subpath) => path.join(template, 'src', subpath === '.' ? 'index_node.ts' : `${subpath}.ts`);
  return new Map(subpaths.map((subpath) => [path.posix.join(name, subpath), source(subpath)]));
}
