// Every link of the built site, followed as far as the site goes.
import fs from 'node:fs';
import path from 'node:path';

import { Parser } from 'htmlparser2';

/** Whatever a browser fetches by itself, as against what a reader may click. */
const LOADED = { script: 'src', img: 'src', iframe: 'src', source: 'src', link: 'href' };

/**
 * Gives `{ pages, links, external, problems }`: how many pages and local links there are, the addresses of other sites
 * (without rustdoc's), and what leads nowhere.
 */
export function checkLinks(site) {
  const pages = new Map();
  for (const file of filesOf(site)) {
    if (file.endsWith('.html')) pages.set(file, pageOf(fs.readFileSync(path.join(site, file), 'utf8')));
  }
  const external = new Set();
  const problems = [];
  let links = 0;
  for (const [from, page] of pages) {
    for (const { address, loaded } of page.links) {
      const problem = (what) => problems.push(`${from}: ${address}: ${what}`);
      if (/^(data|javascript):/.test(address)) continue;
      if (/^https?:\/\//.test(address)) {
        // rustdoc's own lead to the pages of the standard library and of other crates.
        if (!from.startsWith('rust/')) external.add(address);
        if (loaded) problem('is loaded from another site');
        continue;
      }
      links += 1;
      if (/^([a-z]+:|\/)/i.test(address)) {
        problem('is neither relative nor of the Web');
        continue;
      }
      const [before, anchor = ''] = address.split('#', 2);
      const name = decodeURI(before.split('?', 1)[0]);
      const to = name === '' ? from : path.posix.join(path.posix.dirname(from), name);
      if (to.startsWith('../')) problem('leads out of the site');
      else if (!fs.statSync(path.join(site, to), { throwIfNoEntry: false })?.isFile()) problem('no such file');
      else if (pages.has(to) && !hasAnchor(pages.get(to), anchor, to)) problem('no such anchor');
    }
  }
  return { pages: pages.size, links, external: [...external].sort(), problems };
}

function pageOf(html) {
  const ids = new Set();
  const links = [];
  const parser = new Parser({
    onopentag(tag, { id, name, href, src }) {
      if (id !== undefined) ids.add(id);
      if (tag === 'a' && name !== undefined) ids.add(name);
      const isLoaded = (attribute) => LOADED[tag] === attribute;
      if (href !== undefined) links.push({ address: href, loaded: isLoaded('href') });
      if (src !== undefined) links.push({ address: src, loaded: isLoaded('src') });
    },
  });
  parser.end(html);
  return { ids, links };
}

/** As browsers look for it: as it is written, then decoded. */
function hasAnchor({ ids }, anchor, to) {
  if (anchor === '' || ids.has(anchor) || ids.has(decodeURIComponent(anchor))) return true;
  // rustdoc's pages of sources: a skip link without its target, and `#10-20`, which a script turns into two lines.
  return to.startsWith('rust/src/') && (anchor === 'main-content' || anchor.split('-').every((line) => ids.has(line)));
}

/** Files below a folder, with slashes in their paths. */
export function filesOf(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    return filesOf(path.join(folder, entry.name)).map((name) => `${entry.name}/${name}`);
  });
}
