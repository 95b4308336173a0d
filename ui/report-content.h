/* What a report shows: which charts and tables are made of its figures. The same on the screen, on paper and
 * in files. */
#pragma once

#include "chart.h"
#include "report-data.h"
#include "table.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_REPORT_OUTLIERS,
  RUNET_REPORT_DICE,
  RUNET_REPORT_HD,
  RUNET_REPORT_EF_SCATTER,
  RUNET_REPORT_EF_AGREEMENT,
  RUNET_REPORT_VOLUME,
  RUNET_REPORT_AREA,
  RUNET_REPORT_CHARTS
} RunetReportChart;

typedef enum {
  RUNET_TABLE_OUTLIERS,
  RUNET_TABLE_AGREEMENT, /* mean and sd: Tables II and III of [RU] */
  RUNET_TABLE_QUALITY, /* median and quartiles by image quality */
  RUNET_TABLE_EF,
  RUNET_TABLE_CURVE, /* of the selected view */
  RUNET_TABLE_IMAGES, /* every image: for files */
  RUNET_TABLE_PATIENTS, /* every patient: for files */
  RUNET_TABLES
} RunetReportTable;

/* What a point of a chart stands for: pass its item. @instant: (out): of the image; −1 when it is of none.
 * (transfer none) (nullable). */
RunetCase *
runet_report_get_case (const RunetReport *report,
                       RunetReportChart kind,
                       guint item,
                       int *instant);

/* @curve: (nullable). @name: (nullable): of the selected view. */
RunetChart *
runet_report_make_chart (const RunetReport *report,
                         const RunetVolumeCurve *curve,
                         const char *name,
                         RunetReportChart kind) G_GNUC_WARN_UNUSED_RESULT;
RunetTable *
runet_report_make_table (const RunetReport *report,
                         const RunetVolumeCurve *curve,
                         RunetReportTable kind) G_GNUC_WARN_UNUSED_RESULT;

/* Which name a file of it has: "ejection-fraction-scatter". */
const char *
runet_report_chart_to_string (RunetReportChart kind);
/* How many images and patients, and what was left out and why: a few sentences. */
char *
runet_report_describe (const RunetReport *report) G_GNUC_WARN_UNUSED_RESULT;
/* Which of the patients the model has seen before, so that it agrees better with their experts than it would
 * with others': one sentence, empty while there is nothing to say it of. */
char *
runet_report_describe_learning (const RunetReport *report) G_GNUC_WARN_UNUSED_RESULT;
/* How many ejection fractions were compared, and what was left out and why. */
char *
runet_report_describe_ef (const RunetReport *report) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
