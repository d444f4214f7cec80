/** The direction of house style: domain <- application <- adapters; functions and cli wire; nothing imports them. */
const outside = (allowed) => ({ pathNot: [`^shared/domain/`, ...allowed] });

/** Rooms of one folder, each of which may import those before it. */
const orderedRooms = (folder, rooms) =>
  rooms.slice(0, -1).map((room, place) => ({
    name: `${folder}-room-${room}-knows-no-later-one`,
    severity: 'error',
    from: { path: `^shared/domain/${folder}/${room}/` },
    to: { path: `^shared/domain/${folder}/(${rooms.slice(place + 1).join('|')})/` },
  }));

const logRoomRules = orderedRooms('logs', ['payload', 'execution', 'access', 'stories', 'joined']);

const headroomRoomRules = orderedRooms('headroom', [
  'quota',
  'demand',
  'throttling',
  'neighbours',
  'forecast',
  'sources',
  'judging',
  'survey',
]);

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment:
        'The domain imports only itself. The one exception are the types of Slack blocks, which vanish.',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: outside(['^node_modules/@slack/types/']),
    },
    {
      name: 'domain-imports-slack-types-only-as-types',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: { path: '^node_modules/@slack/types/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'application-knows-no-adapter',
      comment: 'Use cases get everything through ports; of Node they take only hashing.',
      severity: 'error',
      from: { path: '^shared/application/' },
      to: { pathNot: ['^shared/(domain|application)/', '^(node:)?crypto$'] },
    },
    {
      name: 'config-knows-no-adapter',
      severity: 'error',
      from: { path: '^shared/config/' },
      to: { path: '^(shared/adapters|functions|cli|test|bench)/' },
    },
    {
      name: 'sdk-only-in-adapters-and-handlers',
      comment:
        'Of the command line, one file builds the clients; it is loaded only when a command needs AWS.',
      severity: 'error',
      from: {
        pathNot: [
          '^shared/adapters/',
          '^functions/[^/]+/handler\\.ts$',
          '^cli/aws-clients\\.ts$',
          '^test/',
          '^bench/',
        ],
      },
      to: { path: '^node_modules/@(aws-sdk|smithy)/' },
    },
    {
      name: 'functions-do-not-import-each-other',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'nothing-imports-the-edges',
      severity: 'error',
      from: { path: '^(shared|functions|cli|infra)/' },
      to: { path: '^(functions|cli|test|bench)/', pathNot: ['^functions/[^/]+/environment\\.ts$', '^cli/'] },
    },
    {
      name: 'only-cli-imports-cli',
      severity: 'error',
      from: { pathNot: '^(cli|test|bench)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'no-test-code-outside-tests',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^(test|bench)/' },
    },
    ...logRoomRules,
    ...headroomRoomRules,
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^(shared|functions|cli)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.serverless|\\.esbuild)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
