/* What people decided, as CSV or JSON on the standard output. */
#include "export-decisions.h"

#include <stdio.h>
#include <string.h>
#include "command.h"
#include "core/review/review.h"

static char *
format_time (const RunetEvent *event) {
  return g_date_time_format (event->time, "%Y-%m-%dT%H:%M:%SZ");
}

/* ---- CSV, RFC 4180 ---- */

static void
print_cell (const char *text, gboolean last) {
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  if (strpbrk (valid, ",\"\r\n") == NULL)
    fputs (valid, stdout);
  else {
    g_auto (GStrv) parts = g_strsplit (valid, "\"", -1);
    g_autofree char *doubled = g_strjoinv ("\"\"", parts);
    printf ("\"%s\"", doubled);
  }
  fputs (last ? "\n" : ",", stdout);
}

static void
print_reading (const RunetReviewState *state, const RunetReading *reading) {
  const RunetEvent *decision = reading->decision;
  g_autofree char *time = decision != NULL ? format_time (decision) : NULL;
  g_autofree char *edits = g_strdup_printf ("%u", reading->edits);
  print_cell (state->subject.subset, FALSE);
  print_cell (state->subject.patient, FALSE);
  print_cell (runet_view_to_string (state->subject.view), FALSE);
  print_cell (reading->author, FALSE);
  print_cell (runet_review_status_to_string (reading->status), FALSE);
  print_cell (decision != NULL ? runet_rejection_to_string (decision->rejection) : NULL,
              FALSE);
  print_cell (decision != NULL ? decision->text : NULL, FALSE);
  print_cell (time, FALSE);
  print_cell (decision != NULL ? decision->model : NULL, FALSE);
  print_cell (edits, FALSE);
  print_cell (state->flagged ? "yes" : "no", FALSE);
  print_cell (reading->comment != NULL ? reading->comment->text : NULL, TRUE);
}

static void
print_csv (const GPtrArray *states) {
  puts ("subset,patient,view,author,status,reason,explanation,time,model,edits,flagged,"
        "comment");
  for (guint i = 0; i < states->len; i++) {
    const RunetReviewState *state = states->pdata[i];
    for (guint r = 0; r < state->readings->len; r++)
      print_reading (state, state->readings->pdata[r]);
  }
}

/* ---- JSON ---- */

static void
add_time (JsonBuilder *json, const RunetEvent *event) {
  g_autofree char *time = event != NULL ? format_time (event) : NULL;
  runet_json_add_string (json, "time", time);
}

static void
add_reading (JsonBuilder *json, const RunetReading *reading) {
  const RunetEvent *decision = reading->decision;
  json_builder_begin_object (json);
  runet_json_add_string (json, "author", reading->author);
  runet_json_add_string (json, "status",
                         runet_review_status_to_string (reading->status));
  runet_json_add_string (
      json, "reason",
      decision != NULL ? runet_rejection_to_string (decision->rejection) : NULL);
  runet_json_add_string (json, "explanation", decision != NULL ? decision->text : NULL);
  add_time (json, decision);
  runet_json_add_string (json, "model", decision != NULL ? decision->model : NULL);
  runet_json_add_int (json, "edits", reading->edits);
  json_builder_end_object (json);
}

static void
add_comment (JsonBuilder *json, const RunetEvent *comment) {
  json_builder_begin_object (json);
  runet_json_add_string (json, "author", comment->author);
  add_time (json, comment);
  runet_json_add_string (json, "text", comment->text);
  json_builder_end_object (json);
}

static void
add_state (JsonBuilder *json, const RunetReviewState *state) {
  json_builder_begin_object (json);
  runet_json_add_string (json, "subset", state->subject.subset);
  runet_json_add_string (json, "patient", state->subject.patient);
  runet_json_add_string (json, "view", runet_view_to_string (state->subject.view));
  runet_json_add_string (json, "status", runet_review_status_to_string (state->status));
  runet_json_add_boolean (json, "disputed", state->disputed);
  runet_json_add_boolean (json, "flagged", state->flagged);
  json_builder_set_member_name (json, "readers");
  json_builder_begin_array (json);
  for (guint i = 0; i < state->readings->len; i++)
    add_reading (json, state->readings->pdata[i]);
  json_builder_end_array (json);
  json_builder_set_member_name (json, "comments");
  json_builder_begin_array (json);
  for (guint i = 0; i < state->comments->len; i++)
    add_comment (json, state->comments->pdata[i]);
  json_builder_end_array (json);
  json_builder_end_object (json);
}

static void
print_json (RunetReview *review, const GPtrArray *states) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_string (json, "record",
                         runet_journal_get_path (runet_review_get_journal (review)));
  runet_json_add_int (json, "events", runet_review_count_events (review));
  json_builder_set_member_name (json, "cases");
  json_builder_begin_array (json);
  for (guint i = 0; i < states->len; i++)
    add_state (json, states->pdata[i]);
  json_builder_end_array (json);
  json_builder_end_object (json);
  runet_command_print_json (json);
}

int
runet_export_decisions (const char *command, const char *record, gboolean as_json) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) review =
      runet_review_open (record, RUNET_JOURNAL_READ, &error);
  if (review == NULL)
    return runet_command_fail (command, error);
  g_autoptr (GPtrArray) states = runet_review_list_states (review);
  if (as_json)
    print_json (review, states);
  else
    print_csv (states);
  return RUNET_EXIT_DONE;
}
