import { describe, expect, it } from 'vitest';
import { CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';
import { classifyCause } from '#shared/domain/causes/classify-cause.ts';
import type { FailureFacts } from '#shared/domain/causes/failure-facts.ts';
import { parseFailedRequests } from '#test/fakes/failed-requests.ts';
import {
  CLIENT_ERRORS,
  CUSTOMISED_RESPONSES,
  RESPONSE_TYPES,
  SERVER_ERRORS,
} from '#test/fixtures/failed-requests.ts';
import { HTTP_API_ROWS, PUBLISHED_ROWS, WEBSOCKET_ROWS } from '#test/fixtures/observed-requests.ts';

/** Sections of the facts sheet: §3.1 types, §3.2 statuses, §1.5 published rows, §1.3 for WebSocket. */
const ROWS = Object.entries({
  '§3.1 type': RESPONSE_TYPES,
  '§3.1 customised': CUSTOMISED_RESPONSES,
  '§3.2 client error': CLIENT_ERRORS,
  '§3.2 server error': SERVER_ERRORS,
  '§1.5 published': PUBLISHED_ROWS,
  '§1.5 HTTP API': HTTP_API_ROWS,
  '§1.3 WebSocket': WEBSOCKET_ROWS,
}).flatMap(([section, table]) => parseFailedRequests(table).map((row) => ({ section, ...row })));

const FAILED = ROWS.filter(({ slug }) => slug !== null);

describe('classifyCause()', () => {
  it.each(ROWS)('classifyCause() returns $slug for $facts.status, $section: $happened', ({ facts, slug }) => {
    expect(classifyCause(facts)).toBe(slug);
  });

  it.each(FAILED)(
    'classifyCause() does not blame the backend where no integration answered, $section: $happened',
    ({ facts }) => {
      const { integrationServiceStatus: _, ...unanswered } = facts;

      expect(classifyCause({ ...unanswered, integrationStatus: null })).not.toMatch(/backend/);
    },
  );

  it.each(FAILED)(
    'classifyCause() does not blame the backend where there is a response type, $section: $happened',
    ({ facts }) => {
      const typed = { errorType: 'DEFAULT_5XX', ...facts, integrationServiceStatus: '200' };

      expect(classifyCause(typed)).not.toMatch(/backend/);
    },
  );

  it.each([100, 200, 204, 301, 304, 399])('classifyCause() returns null for status %i', (status) => {
    const facts: FailureFacts = { status, integrationStatus: null, errorType: 'WAF_FILTERED' };

    expect(classifyCause(facts)).toBeNull();
  });

  it('classifyCause() knows all 21 documented response types', () => {
    const documented = `ACCESS_DENIED API_CONFIGURATION_ERROR AUTHORIZER_CONFIGURATION_ERROR AUTHORIZER_FAILURE
      BAD_REQUEST_PARAMETERS BAD_REQUEST_BODY DEFAULT_4XX DEFAULT_5XX EXPIRED_TOKEN INTEGRATION_FAILURE
      INTEGRATION_TIMEOUT INVALID_API_KEY INVALID_SIGNATURE MISSING_AUTHENTICATION_TOKEN QUOTA_EXCEEDED
      REQUEST_TOO_LARGE RESOURCE_NOT_FOUND THROTTLED UNAUTHORIZED UNSUPPORTED_MEDIA_TYPE WAF_FILTERED`;

    const tested = new Set(parseFailedRequests(RESPONSE_TYPES).map(({ facts }) => facts.errorType));

    expect(documented.split(/\s+/).filter((type) => !tested.has(type))).toEqual([]);
  });

  it('classifyCause() can tell every cause that an access log can name', () => {
    const told = new Set(ROWS.map(({ facts }) => classifyCause(facts)));

    // Only execution logs, or the account's headroom, name the level of a throttle.
    expect(CAUSE_SLUGS.filter((slug) => !told.has(slug))).toEqual([
      'throttle.usage-plan',
      'throttle.method',
      'throttle.account',
    ]);
  });
});
