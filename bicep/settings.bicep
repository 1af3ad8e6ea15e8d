/**
 * The program's settings that a deployment only passes on, by their own names: the table in README.md says what each one
 * means. A name that is none of them stops the deployment, not the program. What a deployment knows itself (addresses, names
 * of containers, the rate of calls) has no place here, so that it cannot be contradicted.
 */
@export()
@sealed()
type settings = {
  AUTH: ('keys' | 'none')?
  BACKFILL: ('on' | 'off')?
  CORS_ORIGINS: string?
  DRY_RUN: ('true' | 'false')?
  FETCH_ALLOWED_HOSTS: string?
  LOG_LEVEL: ('fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent')?
  MAX_IMAGE_PIXELS: string?
  PAUSED: ('true' | 'false')?
  PROMPT_DEFAULT_TARGET: string?
  PROMPT_MIDJOURNEY_VERSION: string?
  PROMPT_PREFIX: string?
  PROMPT_SIDECARS: string?
  PROMPT_SUFFIX: string?
  PROMPT_TARGETS: string?
  PROMPT_TRIGGER_WORD: string?
  RATE_LIMIT: string?
  RETENTION_DAYS: string?
  VISION_FEATURES: string?
  VISION_LANGUAGE: string?
  VISION_MAX_SIDE: string?
  WEBHOOK_URL: string?
}
