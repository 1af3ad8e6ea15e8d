import { GET_DOCS, GET_OPENAPI } from './openapi/routes.ts';
import type { Operation } from './operation.ts';
import { DESCRIBE_IMAGE } from './prompts/describe-operation.ts';
import { EDIT_PROMPT } from './prompts/edit.ts';
import { GET_PROMPT, LIST_PROMPTS } from './prompts/prompt-operations.ts';
import { CANCEL_BATCH, GET_BATCH, START_BATCH } from './routes/batch-operations.ts';
import { GET_CATALOG } from './routes/catalog.ts';
import { COMPOSE_PROMPTS } from './routes/compose.ts';
import { EXPORT_PROMPTS } from './routes/export.ts';
import { GET_HEALTH, GET_LIVE } from './routes/health.ts';
import { GET_QR_CODE } from './routes/qr.ts';
import { RETRY_IMAGES } from './routes/retry.ts';
import { GET_THUMBNAIL } from './routes/thumbnail.ts';
import { SIGN_UPLOAD } from './routes/upload.ts';

/** The routes as callers are told of them. */
export const OPERATIONS: readonly Operation[] = [
  DESCRIBE_IMAGE,
  LIST_PROMPTS,
  GET_PROMPT,
  EDIT_PROMPT,
  COMPOSE_PROMPTS,
  RETRY_IMAGES,
  START_BATCH,
  GET_BATCH,
  CANCEL_BATCH,
  SIGN_UPLOAD,
  GET_THUMBNAIL,
  EXPORT_PROMPTS,
  GET_CATALOG,
  GET_QR_CODE,
  GET_LIVE,
  GET_HEALTH,
  GET_OPENAPI,
  GET_DOCS,
];
