/** How the page of `gatewatch preview` looks: as a channel of Slack, by the reader's own choice of light or dark. */
export const SLACK_STYLE = `
:root { color-scheme: light dark; --back: #fff; --text: #1d1c1d; --grey: #616061; --line: #ddd; --link: #1264a3;
  --code: #e01e5a; --tint: #f6f6f6; --name: #1d1c1d; }
@media (prefers-color-scheme: dark) { :root { --back: #1a1d21; --text: #d1d2d3; --grey: #ababad; --line: #35373b;
  --link: #1d9bd1; --code: #e8912d; --tint: #222529; --name: #fff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 15px/1.46 Lato, "Noto Sans", "DejaVu Sans", "Helvetica Neue", Arial, "Noto Color Emoji", sans-serif; }
main { max-width: 720px; margin: 0 auto; padding: 8px 16px 16px; }
h1 { margin: 12px 0 4px; padding-bottom: 4px; border-bottom: 1px solid var(--line); font-size: 13px; color: var(--grey);
  font-weight: normal; }
h2 { margin: 2px 0 4px; font-size: 18px; line-height: 1.33; color: var(--name); }
p { margin: 4px 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.message { display: flex; gap: 8px; padding: 8px 0; }
.body { flex: 1; min-width: 0; }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #4a154b; color: #fff; font-weight: bold;
  font-size: 20px; line-height: 36px; text-align: center; }
.who b { color: var(--name); }
.app { margin: 0 6px; padding: 0 3px; border-radius: 2px; background: var(--line); color: var(--grey); font-size: 10px; }
.at, .remark, .count { color: var(--grey); font-size: 12px; }
.context { color: var(--grey); font-size: 13px; line-height: 1.38; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.button { padding: 4px 12px; border: 1px solid var(--line); border-radius: 4px; color: var(--text); font-size: 13px;
  font-weight: bold; text-decoration: none; }
.thread { margin: 0 0 8px 17px; padding-left: 26px; border-left: 2px solid var(--line); }
.reply .avatar { width: 24px; height: 24px; font-size: 14px; line-height: 24px; }
.reply { padding: 4px 0; }
.mention { padding: 0 2px; border-radius: 3px; background: #f2c74466; color: var(--link); }
code { padding: 1px 3px; border: 1px solid var(--line); border-radius: 3px; background: var(--tint); color: var(--code);
  font: 12px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
`;
