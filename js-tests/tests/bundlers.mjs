// The bundlers, each the way its users call it: an entry becomes one file, for Node or for a page.
import path from 'node:path';
import { promisify } from 'node:util';

import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';

/**
 * Name → a function that makes `outfile` of `entry`. `format` is `cjs` or `esm`, `platform` is `node` or `browser`. What is
 * for a browser is made as for production.
 */
export const bundlers = {
  async 'esbuild 0.28'({ entry, outfile, platform, format }) {
    await esbuild.build({
      entryPoints: [entry],
      outfile,
      platform,
      format,
      bundle: true,
      minify: platform === 'browser',
      // esbuild's own advice where an ES module ends up with CommonJS inside.
      banner: platform === 'node' && format === 'esm' ? { js: REQUIRE } : {},
      logLevel: 'error',
    });
  },

  async 'webpack 5'({ entry, outfile, platform, format }) {
    const module = format === 'esm';
    const compiler = webpack({
      mode: 'production',
      target: platform === 'node' ? 'node' : 'web',
      entry,
      output: { path: path.dirname(outfile), filename: path.basename(outfile), ...(module && { module }) },
      ...(module && { experiments: { outputModule: true } }),
      // Its advice on the size of pages.
      performance: { hints: false },
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    await promisify(compiler.close.bind(compiler))();
    complain(stats.toJson({ all: false, errors: true, warnings: true }));
  },

  async 'Rollup 4'({ entry, outfile, platform, format }) {
    const warnings = [];
    const resolve = platform === 'node' ? { exportConditions: ['node'], preferBuiltins: true } : { browser: true };
    const made = await rollup({
      input: entry,
      plugins: [nodeResolve(resolve), ...(platform === 'node' ? [commonjs()] : [])],
      onwarn: (warning) => warnings.push(warning),
    });
    await made.write({ file: outfile, format, inlineDynamicImports: true });
    await made.close();
    complain({ errors: [], warnings });
  },

  async 'Vite 7'({ entry, outfile, platform, format }) {
    const root = path.dirname(entry);
    const output = { format, entryFileNames: path.basename(outfile), inlineDynamicImports: true };
    await vite.build({
      ...quiet,
      root,
      build: {
        outDir: path.dirname(outfile),
        emptyOutDir: false,
        ...(platform === 'node' && { ssr: true }),
        rollupOptions: { input: entry, output },
        chunkSizeWarningLimit: 10_000,
      },
      ...(platform === 'node' && { ssr: { noExternal: true } }),
    });
  },
};

const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const quiet = { configFile: false, envFile: false, logLevel: 'warn' };

/** Vite's server for developers, on a folder with an index.html; the address. */
export async function viteDev(t, root) {
  const server = await vite.createServer({ ...quiet, root, server: { host: '127.0.0.1', port: 0 } });
  t.after(() => server.close());
  await server.listen();
  return server.resolvedUrls.local[0];
}

/** A bundler that warns has something to say about the package. */
function complain({ errors, warnings }) {
  const said = [...errors, ...warnings].map(({ message }) => message);
  if (said.length > 0) throw new Error(said.join('\n'));
}

