/** The kinds of nodes that the workflow is made of, as n8n exports them. */

interface NodeFields {
  readonly type: string;
  readonly typeVersion: number;
  readonly parameters: object;
  readonly [extra: string]: unknown;
}

export interface Node extends NodeFields {
  readonly name: string;
  readonly position: readonly [x: number, y: number];
}

type Named = Pick<Node, 'name' | 'position'>;

/** For what may fail for a while: it is tried three times, then the rest of the workflow goes on beside it. */
const PATIENT = {
  retryOnFail: true,
  maxTries: 3,
  waitBetweenTries: 5_000,
  onError: 'continueErrorOutput',
} as const;

export function webhook(named: Named, path: string): Node {
  const parameters = { httpMethod: 'POST', path, responseMode: 'responseNode', options: {} };
  return { ...named, type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: path, parameters };
}

export function code(named: Named, jsCode: string): Node {
  const parameters = { mode: 'runOnceForEachItem', language: 'javaScript', jsCode };
  return { ...named, type: 'n8n-nodes-base.code', typeVersion: 2, parameters };
}

/** Two outputs: for what is so, and for the rest. */
export function whether(named: Named, isSo: string): Node {
  const parameters = { conditions: all(isTrue(isSo)), options: {} };
  return { ...named, type: 'n8n-nodes-base.if', typeVersion: 2.2, parameters };
}

export function only(named: Named, isSo: string): Node {
  const parameters = { conditions: all(isTrue(isSo)), options: {} };
  return { ...named, type: 'n8n-nodes-base.filter', typeVersion: 2.2, parameters };
}

/** One output for each value, and none for any other. */
export function choose(named: Named, value: string, values: readonly string[]): Node {
  const rules = values.map((rightValue) => ({
    conditions: all({ leftValue: value, rightValue, operator: { type: 'string', operation: 'equals' } }),
    renameOutput: true,
    outputKey: rightValue,
  }));
  const parameters = { mode: 'rules', rules: { values: rules }, options: { fallbackOutput: 'none' } };
  return { ...named, type: 'n8n-nodes-base.switch', typeVersion: 3.2, parameters };
}

export function answer(named: Named, responseCode: number | string): Node {
  const parameters = { respondWith: 'noData', options: { responseCode } };
  return { ...named, type: 'n8n-nodes-base.respondToWebhook', typeVersion: 1.1, parameters };
}

export function unseen(named: Named, value: string): Node {
  const parameters = {
    operation: 'removeItemsSeenInPreviousExecutions',
    logic: 'removeItemsWithAlreadySeenKeyValues',
    dedupeValue: value,
    options: { scope: 'node', historySize: 10_000 },
  };
  return { ...named, type: 'n8n-nodes-base.removeDuplicates', typeVersion: 2, parameters };
}

export function post(named: Named, url: string): Node {
  const parameters = {
    method: 'POST',
    url,
    sendBody: true,
    specifyBody: 'json',
    jsonBody: '={{ JSON.stringify($json) }}',
    // An address with a secret in it is for one receiver and nobody that it names.
    options: { timeout: 30_000, redirect: { redirect: { followRedirects: false } } },
  };
  return { ...named, type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, ...PATIENT, parameters };
}

export function sendMail(named: Named, { from, to }: { readonly from: string; readonly to: string }): Node {
  const parameters = {
    fromEmail: from,
    toEmail: to,
    subject: '={{ $json.subject }}',
    emailFormat: 'text',
    text: '={{ $json.text }}',
    options: { appendAttribution: false },
  };
  const credentials = { smtp: { id: 'smtp', name: 'SMTP account' } };
  return {
    ...named,
    type: 'n8n-nodes-base.emailSend',
    typeVersion: 2.1,
    ...PATIENT,
    credentials,
    parameters,
  };
}

/** Runs when nothing else is left to do. */
export function together(named: Named, numberInputs: number): Node {
  return { ...named, type: 'n8n-nodes-base.merge', typeVersion: 3, parameters: { numberInputs } };
}

export function fail(named: Named, errorMessage: string): Node {
  return { ...named, type: 'n8n-nodes-base.stopAndError', typeVersion: 1, parameters: { errorMessage } };
}

function isTrue(leftValue: string) {
  return {
    leftValue,
    rightValue: '',
    operator: { type: 'boolean', operation: 'true', singleValue: true },
  };
}

function all(condition: object) {
  return {
    options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
    conditions: [{ id: 'condition', ...condition }],
    combinator: 'and',
  };
}
