// `npm run picture`: runs the replay of the sample in colour and draws its terminal as docs/replay.svg.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COLUMNS = 120;
const CHAR_WIDTH = 7.8;
const LINE_HEIGHT = 17;
const PADDING = 16;
const FOREGROUND = '#d8dee9';
const COLORS = { 31: '#f2777a', 33: '#ffcc66', 36: '#66cccc' };

const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'replay'], {
  cwd: ROOT,
  env: { ...process.env, FORCE_COLOR: '1', COLUMNS: String(COLUMNS) },
  encoding: 'utf8',
});
if (status !== 0) throw new Error(stderr);

const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const ESCAPE = String.fromCharCode(27);
const STYLE = new RegExp(`(${ESCAPE}\\[\\d+m)`);
const STYLE_CODE = new RegExp(`^${ESCAPE}\\[(\\d+)m$`);

/** Every run of one style is placed by its column, so that blocks of the chart meet whatever the font is. */
function drawLine(line, index) {
  let fill = FOREGROUND;
  let extra = '';
  let column = 0;
  const y = PADDING + (index + 1) * LINE_HEIGHT - 4;
  return line
    .split(STYLE)
    .map((part) => {
      const code = STYLE_CODE.exec(part)?.[1];
      if (code === undefined) {
        const x = PADDING + column * CHAR_WIDTH;
        const length = [...part].length;
        column += length;
        if (part.trim() === '') return '';
        const width = (length * CHAR_WIDTH).toFixed(1);
        return `<text x="${x.toFixed(1)}" y="${y}" fill="${fill}"${extra} textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escapeXml(part)}</text>`;
      }
      if (code === '1') extra = ' font-weight="bold"';
      else if (code === '2') extra = ' opacity="0.6"';
      else if (code === '22') extra = '';
      else fill = COLORS[code] ?? FOREGROUND;
      return '';
    })
    .join('');
}

// The picture shows the report down to the message about the surge; the rest looks alike.
const lines = stdout.replaceAll(`${ROOT}`, '').trimEnd().split('\n');
const messages = lines.flatMap((line, index) => (line.includes('── ') ? [index] : []));
const shown = [...lines.slice(0, messages[0]), ...lines.slice(messages[2], messages[4])];
const width = Math.round(PADDING * 2 + COLUMNS * CHAR_WIDTH);
const height = PADDING * 2 + shown.length * LINE_HEIGHT;
writeFileSync(
  new URL('replay.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13">
<title>Terminal output of npm run replay on the bundled sample</title>
<rect width="100%" height="100%" rx="8" fill="#1d2330"/>
${shown.map(drawLine).filter(Boolean).join('\n')}
</svg>
`,
);
