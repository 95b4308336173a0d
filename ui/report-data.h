/* The figures of a report: gathered from the cases of a data set, without any widget.
 *
 * An image is one view at one instant. What is left out of a figure is counted, and why. */
#pragma once

#include <gio/gio.h>
#include "case.h"
#include "core/shape/volume.h"

G_BEGIN_DECLS

/* One image that has a result. */
typedef struct {
  RunetCase *item;
  RunetInstant instant;
  RunetQuality quality;
  gboolean staged[RUNET_SHOWN_STAGES]; /* the model has this stage */
  gboolean compared; /* there is an expert's mask */
  gboolean anatomical[RUNET_SHOWN_STAGES];
  gboolean geometrical[RUNET_SHOWN_STAGES];
  RunetAgreement agreement[RUNET_SHOWN_STAGES][RUNET_STRUCTURES]; /* NaN: none */
} RunetReportImage;

/* Why a patient is not among the ejection fractions that are compared. */
typedef enum {
  RUNET_EF_COMPARED,
  RUNET_EF_NO_RESULT, /* not run, or failed, at one of the instants */
  RUNET_EF_NO_AXIS, /* no long axis was found */
  RUNET_EF_NO_REFERENCE, /* neither the data set nor an expert's masks tell */
  RUNET_EF_STATES
} RunetEfState;

typedef enum {
  RUNET_EF_FROM_NOTHING,
  RUNET_EF_FROM_CFG, /* the data set says it */
  RUNET_EF_FROM_EXPERT, /* Simpson's method on the expert's masks */
  RUNET_EF_SOURCES
} RunetEfSource;

/**
 * RunetReportPatient:
 * @item: the case a click leads to: the four-chamber view where there is one
 * @biplane: the model's volumes are of both views
 */
typedef struct {
  RunetCase *item;
  RunetVolumes model;
  gboolean biplane;
  double reference_percent;
  RunetEfSource source;
  RunetEfState state;
} RunetReportPatient;

/**
 * RunetReport:
 * @stages: of the model; 0 when nothing was run
 * @images: RunetReportImage, with a result
 * @patients: RunetReportPatient, all
 * @waiting, @failed: images without a result: to be run, or in cases that failed
 * @uncompared: of @images, those without a mask of an expert
 * @model_loaded, @seen: see runet_report_set_seen()
 */
typedef struct {
  guint stages;
  GArray *images;
  GArray *patients;
  guint cases, waiting, failed, uncompared;
  gboolean model_loaded;
  GHashTable *seen;
} RunetReport;

/**
 * runet_report_new:
 * @cases: (nullable) (element-type RunetCase)
 * @experts: (nullable) (element-type RunetPatient RunetVolumes): volumes of the experts' masks, for
 *   patients whose ejection fraction the data set does not say
 */
RunetReport *
runet_report_new (GListModel *cases, GHashTable *experts) G_GNUC_WARN_UNUSED_RESULT;
void
runet_report_free (RunetReport *report);
/* The model is known, and with it which patients it has seen. @seen: (nullable): as runet_model_get_seen()
 * returns it; %NULL: the model does not say. */
void
runet_report_set_seen (RunetReport *report, GHashTable *seen);

typedef struct {
  gsize count, whole;
} RunetOutlierCount;

/* Tables II and III: of the images that have this stage and, for geometrical ones, a mask of an expert. */
RunetOutlierCount
runet_report_count_outliers (const RunetReport *report,
                             RunetShownStage stage,
                             RunetSeverity severity);
guint
runet_report_count_ef (const RunetReport *report, RunetEfState state);
guint
runet_report_count_sources (const RunetReport *report, RunetEfSource source);

typedef enum {
  RUNET_MEASURE_DICE,
  RUNET_MEASURE_MAD,
  RUNET_MEASURE_HD,
  RUNET_MEASURES
} RunetMeasureKind;

/* What that measure is in one image: NaN when there is none. */
double
runet_report_image_measure (const RunetReportImage *image,
                            RunetShownStage stage,
                            RunetStructure structure,
                            RunetMeasureKind kind);

/**
 * RunetVolumeCurve: the frames of one clip
 * @time_ms: of each frame; from the rate of the clip, else @assumed_rate
 * @area_cm2, @volume_ml: of the cavity in each frame; NaN: no result, or no long axis. Single-plane.
 * @staged: the stage has a result in some frame
 */
typedef struct {
  guint frames;
  gboolean assumed_rate;
  double *time_ms;
  double *area_cm2[RUNET_SHOWN_STAGES];
  double *volume_ml[RUNET_SHOWN_STAGES];
  gboolean staged[RUNET_SHOWN_STAGES];
  int instant_frame[RUNET_INSTANTS]; /* −1: unknown */
} RunetVolumeCurve;

/* %NULL when the clip is no sequence: stills have no time. */
RunetVolumeCurve *
runet_volume_curve_new (RunetCase *item,
                        const RunetClip *clip) G_GNUC_WARN_UNUSED_RESULT;
void
runet_volume_curve_free (RunetVolumeCurve *curve);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetReport, runet_report_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetVolumeCurve, runet_volume_curve_free)

G_END_DECLS
