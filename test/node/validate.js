// Reads lines {"name", "schema", "report"} on standard input and prints the name
// and the fault of every report that does not match its schema. A schema is a
// file; ajv compiles it in strict mode, so a slip in a schema is a fault, too.
const fs = require("node:fs");
const readline = require("node:readline");
const Ajv = require("ajv/dist/2020");

const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false });
const compiled = new Map();

function validator(file) {
  if (!compiled.has(file)) compiled.set(file, ajv.compile(JSON.parse(fs.readFileSync(file, "utf8"))));
  return compiled.get(file);
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { name, schema, report } = JSON.parse(line);
  const validate = validator(schema);
  if (!validate(report)) {
    const faults = validate.errors.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
    console.log(`${name}: ${faults.join("; ")}`);
  }
});
