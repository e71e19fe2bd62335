// Holds the shape of the watch floor: who may import whom, no import cycle, one importer of MapLibre and
// one of milsymbol, a word of why at the top of every file, no file over its length, no sentence outside
// the Fluent files, no inline style that a strict content security policy would drop.
//
//   node scripts/lint.mjs        checks src/, after it has found its own planted faults
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');
/** Folder → the folders it may import from (beside itself). */
const ALLOWED = {
  api: [],
  i18n: [],
  symbols: [],
  styles: [],
  state: ['api'],
  map: ['api', 'state', 'symbols'],
  views: ['api', 'state', 'map', 'symbols', 'i18n'],
  'main.ts': ['views', 'styles'],
};
/** Package → the one folder that may import it. */
const HOME = { 'maplibre-gl': 'map', milsymbol: 'symbols', '@fluent/bundle': 'i18n', 'bits-ui': 'views' };
const LINES_TALK = 400;

export function problemsOf(files) {
  const problems = [];
  const graph = new Map();
  for (const [path, text] of files) {
    const own = folder(path);
    const targets = [];
    for (const spec of imports(text)) {
      if (!spec.startsWith('.')) {
        const home = Object.entries(HOME).find(([name]) => spec === name || spec.startsWith(`${name}/`))?.[1];
        if (home && home !== own) problems.push(`${path}: only ${home}/ may import ${spec}`);
        continue;
      }
      const target = resolve(normalize(join(dirname(path), spec)), files);
      if (!target) continue;
      targets.push(target);
      const other = folder(target);
      if (other !== own && !ALLOWED[own]?.includes(other)) problems.push(`${path}: ${own} may not import ${target}`);
    }
    graph.set(path, targets);
    problems.push(...textProblems(path, text));
  }
  return [...problems, ...cycles(graph)];
}

function textProblems(path, text) {
  const found = [];
  const lines = text.split('\n').length;
  if (lines > LINES_TALK) found.push(`${path}: ${lines} lines; keep it under ${LINES_TALK}`);
  if (!/^(\/\/|\/\*|<!--)/.test(text)) found.push(`${path}: open it with a comment that says why it exists`);
  const code = text.replaceAll('連携', '').replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|^\s*\/\/.*$/gm, '');
  const isTest = path.endsWith('.test.ts') || path.endsWith('fixtures.ts');
  if (!isTest && /[\p{sc=Hiragana}\p{sc=Katakana}]|\p{sc=Han}{2}/u.test(code)) found.push(`${path}: Japanese text belongs in locales/ja`);
  if (path.endsWith('.svelte')) {
    if (/\sstyle="/.test(code)) found.push(`${path}: use style:property; an inline style attribute breaks under the security policy`);
    const markup = code.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>/g, '');
    const plain = markup.replace(/\{[^{}]*(\{[^{}]*\}[^{}]*)*\}/g, '').match(/>[^<>{}]*[A-Za-z]{4,}[^<>{}]*</);
    if (plain && !/Renkei|JST|EN|renkei/.test(plain[0])) found.push(`${path}: a sentence outside the Fluent files: ${plain[0].trim()}`);
  }
  return found;
}

function imports(text) {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1].replace(/\?.*$/, ''));
}

function folder(path) {
  return path.includes('/') ? path.split('/')[0] : path;
}

function resolve(path, files) {
  return [path, `${path}.ts`, `${path}.svelte`, `${path}/index.ts`].find((name) => files.has(name)) ?? null;
}

function cycles(graph) {
  const state = new Map();
  const found = [];
  const visit = (node, trail) => {
    if (state.get(node) === 'done') return;
    if (state.get(node) === 'open') {
      found.push(`import cycle: ${[...trail.slice(trail.indexOf(node)), node].join(' → ')}`);
      return;
    }
    state.set(node, 'open');
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    state.set(node, 'done');
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}

function read(dir, files = new Map()) {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) read(path, files);
    else if (/\.(ts|svelte|css)$/.test(name)) files.set(relative(ROOT, path), readFileSync(path, 'utf8'));
  }
  return files;
}

/** Each planted fault must be found; otherwise the check itself is broken. */
function self() {
  const note = '// Why.\n';
  const planted = {
    'may not import': new Map([['api/a.ts', `${note}import '../state/b';`], ['state/b.ts', note]]),
    'only map/ may import': new Map([['views/a.ts', `${note}import { Map } from 'maplibre-gl';`]]),
    'import cycle': new Map([['state/a.ts', `${note}import './b';`], ['state/b.ts', `${note}import './a';`]]),
    'open it with a comment': new Map([['state/a.ts', 'export {};']]),
    'keep it under': new Map([['state/a.ts', note + '\n'.repeat(500)]]),
    'belongs in locales/ja': new Map([['views/a.ts', `${note}const x = '航跡';`]]),
    'inline style': new Map([['views/a.svelte', '<!-- Why. --><p style="color: red"></p>']]),
    'a sentence outside': new Map([['views/a.svelte', '<!-- Why. --><p>Hello there</p>']]),
  };
  return Object.entries(planted).flatMap(([word, files]) =>
    problemsOf(files).some((problem) => problem.includes(word)) ? [] : [`planted fault was not found: ${word}`],
  );
}

if (!existsSync(ROOT)) throw new Error(`read ${ROOT}: run this from web/`);
const problems = [...self(), ...problemsOf(read(ROOT))];
for (const problem of problems) console.error(problem);
console.log(problems.length ? `lint: ${problems.length} problems` : 'lint: clean');
process.exit(problems.length ? 1 : 0);
