// Makes index-gb18030.txt: the WHATWG Encoding Standard's index gb18030, of the npm package @exodus/bytes.
//   npm install --prefix folder @exodus/bytes@1.16.0
//   node tests/vectors/make_index_gb18030.mjs folder > tests/vectors/index-gb18030.txt
// The package is a second path to the standard: its tables do not come from encoding_rs, which the crate uses.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const folder = path.resolve(process.argv[2], "node_modules/@exodus/bytes");
const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json")));
// Its decoder may hand over to the platform's; the table is behind a file that is not exported.
const { getTable } = await import(pathToFileURL(path.join(folder, "fallback/multi-byte.table.js")));
const index = [...getTable("gb18030")];

// The standard's own file names the SHA-256 of its code points, as Python's str() writes a list. This is the one of
// 2024-09-18, in force since the standard adopted GB18030-2022 (whatwg/encoding 2c3853e, of 2024-10-04).
const identifier = createHash("sha256").update(`[${index.join(", ")}]`).digest("hex");
if (identifier !== "ff1c9a923b5d24f9761b3a2de2c0f07b395f9f6f36519508944de4f0415be81c") {
  throw new Error(`another index: ${index.length} pointers, identifier ${identifier}`);
}

const header = [
  "The WHATWG Encoding Standard's index gb18030, https://encoding.spec.whatwg.org/index-gb18030.txt",
  `Identifier: ${identifier}`,
  "Date: 2024-09-18",
  `Source: npm ${name} ${version} (${license}), by make_index_gb18030.mjs; the standard's data is under BSD-3-Clause`,
  "pointer, code point, character",
];
process.stdout.write(header.map((line) => `# ${line}\n`).join(""));
process.stdout.write(
  index
    .map((code, pointer) => {
      const hex = code.toString(16).toUpperCase().padStart(4, "0");
      return `${pointer}\t0x${hex}\t${String.fromCodePoint(code)}\n`;
    })
    .join(""),
);
