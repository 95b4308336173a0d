/* The engine of --engine, --precision, --threads and --exact, and what became of it. */
#include "command.h"

static gboolean
refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

/* Words that are not known, and words that contradict each other. */
static gboolean
read_choice (const RunetCommonOptions *common,
             RunetEngineChoice *choice,
             GError **error) {
  *choice = (RunetEngineChoice){RUNET_ENGINE_AUTO, RUNET_PRECISION_TF32};
  if (common->engine != NULL &&
      !runet_engine_kind_from_string (common->engine, &choice->kind))
    return refuse (error,
                   "--engine: expected auto, cudnn, blas or reference, found '%s'",
                   common->engine);
  if (common->precision == NULL)
    return TRUE;
  if (!runet_precision_from_string (common->precision, &choice->precision))
    return refuse (
        error, "--precision: expected tf32, float32, float16 or bfloat16, found '%s'",
        common->precision);
  if (choice->precision == RUNET_PRECISION_FLOAT32)
    return TRUE;
  if (choice->kind == RUNET_ENGINE_BLAS || choice->kind == RUNET_ENGINE_REFERENCE)
    return refuse (error,
                   "--precision: the engine %s computes in float32 alone, found '%s'",
                   common->engine, common->precision);
  if (common->exact)
    return refuse (error, "--precision: --exact computes in float32, found '%s'",
                   common->precision);
  return TRUE;
}

RunetEngine *
runet_command_engine (const RunetCommonOptions *common, GError **error) {
  RunetEngineChoice choice;
  if (!read_choice (common, &choice, error))
    return NULL;
  RunetEngine *engine = runet_engine_choose (choice, (guint)common->threads, error);
  if (engine == NULL)
    return NULL;
  runet_engine_set_exact (engine, common->exact);
  if (common->precision != NULL &&
      runet_engine_get_precision (engine) != choice.precision)
    runet_command_warn (
        common->command,
        "--precision: %s is a GPU's; computing in float32 with the engine %s (%s)",
        common->precision, runet_engine_get_name (engine),
        runet_engine_get_description (engine));
  return engine;
}

void
runet_command_tell_engine (const char *command,
                           const RunetEngine *asked,
                           const RunetEngine *works) {
  if (works != asked)
    runet_command_warn (command, "the engine %s works in place of %s: %s",
                        runet_engine_get_name (works), runet_engine_get_name (asked),
                        runet_engine_get_description (works));
}
