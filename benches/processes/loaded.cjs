// What one process reads, `node loaded.cjs <contestant>`: every file that is required, or read by what is. Ours until its first
// signed request is ready, which is at most more than loading it.
const fs = require('node:fs');
const path = require('node:path');

const packages = path.join(__dirname, '../node_modules') + path.sep;
const read = new Set();
for (const name of ['readFileSync', 'openSync', 'readFile', 'open', 'createReadStream']) {
  const original = fs[name];
  fs[name] = function (file, ...rest) {
    if (typeof file === 'string' || file instanceof URL) read.add(String(file).replace(/^file:\/\//, ''));
    return original.call(this, file, ...rest);
  };
}
const { openMerchant, operations } = require(process.argv[2]);
if (process.argv[2] === 'wechat-realname') {
  const vectors = JSON.parse(fs.readFileSync(path.join(__dirname, '../../tests/vectors/openssl.json'), 'utf8'));
  const [{ pkcs8: privateKey, certificate }] = vectors;
  const merchant = openMerchant({ mchId: '1900006511', privateKey, certificate });
  operations.getRealNameInfo({ authToken: 'a' }, { accessToken: 't', merchant });
}
for (const file of Object.keys(require.cache)) read.add(file);
// Code and data: Node looks into every package.json on the way, whoever it is.
const counted = [...read].filter((file) => file.startsWith(packages) && path.basename(file) !== 'package.json');
const bytes = counted.reduce((sum, file) => sum + fs.statSync(file).size, 0);
process.stdout.write(JSON.stringify({ files: counted.length, bytes }));
