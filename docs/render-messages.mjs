// `npm run picture:messages`: draws messages of `gatewatch preview` as docs/messages/*.png. It needs Chromium, as of
// Debian's package, with a font of emoji; `CHROMIUM` may name another binary. pngquant makes smaller pictures, if it is there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = fileURLToPath(new URL('messages/', import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? 'chromium';
const PNGQUANT = process.env.PNGQUANT ?? 'pngquant';
const RUNBOOK = ['--runbook-url', 'https://example.com/runbook'];
/** Twice the points of a screen, so that text is sharp. */
const SCALE = 2;
const WIDE = 680;
const PHONE = 390;

/** Name, width, arguments of the preview. */
const PICTURES = [
  ['account-exhausted', WIDE, ['account-exhausted', '--state', 'closed']],
  ['account-open', WIDE, ['account-exhausted', ...RUNBOOK]],
  ['account-phone', PHONE, ['account-exhausted', ...RUNBOOK]],
  ['errors', WIDE, ['errors', ...RUNBOOK]],
  ['blind-logs', WIDE, ['blind-logs', ...RUNBOOK]],
  ['alarm', WIDE, ['alarm', ...RUNBOOK]],
  ['closed', WIDE, ['errors', '--state', 'closed']],
  ['drill', WIDE, ['drill', '--state', 'closed']],
  ['unknown', WIDE, ['slow', '--state', 'unknown', ...RUNBOOK]],
  ['webhook-repeat', WIDE, ['errors', '--receiver', 'webhook', '--repeat', ...RUNBOOK]],
];

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  if (error !== undefined || status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

const folder = mkdtempSync(join(tmpdir(), 'gatewatch-'));
const BROWSER = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  `--user-data-dir=${folder}`,
];

/** What the page says of itself once it is drawn: its height in points. */
function heightOf(page, width) {
  const measured = join(folder, 'measured.html');
  const script = '<script>document.title = String(document.querySelector("main").offsetHeight)</script>';
  const open = readFileSync(page, 'utf8').replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  writeFileSync(measured, open.replace('</body>', `${script}</body>`));
  const dom = run(CHROMIUM, [...BROWSER, `--window-size=${width},800`, '--dump-dom', `file://${measured}`]);
  return Number(/<title>(\d+)<\/title>/.exec(dom)?.[1]);
}

/** Without headings, which belong to a page of many messages; and as narrow as asked, which a window may not be. */
const styleOf = (width) => `<style>h1 { display: none } main { width: ${width}px; margin: 0 }</style></head>`;

mkdirSync(OUT, { recursive: true });
for (const [name, width, args] of PICTURES) {
  const page = join(folder, 'page.html');
  run(process.execPath, [
    ...['--import', 'tsx', 'cli/main.ts', 'preview', ...args],
    ...['--format', 'html', '--out', page],
  ]);
  writeFileSync(page, readFileSync(page, 'utf8').replace('</head>', styleOf(width)));
  const height = heightOf(page, width);
  const picture = join(OUT, `${name}.png`);
  run(CHROMIUM, [
    ...BROWSER,
    `--force-device-scale-factor=${SCALE}`,
    `--window-size=${width},${height}`,
    `--screenshot=${picture}`,
    `file://${page}`,
  ]);
  spawnSync(PNGQUANT, ['--force', '--strip', '--quality=60-90', '--output', picture, picture]);
  process.stdout.write(`${name}.png ${width} x ${height}, ${readFileSync(picture).length} bytes\n`);
}
rmSync(folder, { recursive: true, force: true });
