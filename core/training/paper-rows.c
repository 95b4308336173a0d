/* The figures that [RU], Leclerc et al., RU-Net, IUS 2019, prints: Table II, Table III, section IV. */
#include <math.h>

#include "crossval-tables.h"

#define NONE \
  { NAN, NAN }
#define NO_FIGURES \
  {NONE, NONE}, {  \
    NONE, NONE     \
  }

static const RunetPaperRow rows[] = {
    /* Table II: MAD of endo and epi, HD of endo and epi, outliers. */
    {"unet1",
     1,
     "2.0M",
     {{1.8, 1.2}, {2.0, 1.1}},
     {{5.8, 3.4}, {6.2, 3.8}},
     396,
     20,
     95,
     4.8,
     NULL},
    {"shg",
     3,
     "4.5M",
     {{1.8, 1.1}, {2.0, 1.1}},
     {{5.9, 3.5}, {6.2, 3.9}},
     425,
     21,
     47,
     2.4,
     NULL},
    {"ru-net",
     2,
     "3.9M",
     {{1.8, 1.1}, {1.9, 1.2}},
     {{5.7, 3.6}, {6.1, 4.4}},
     320,
     16,
     23,
     1.2,
     NULL},
    /* Table III. */
    {"ru-net-30",
     1,
     "",
     {{1.8, 1.2}, {2.0, 1.1}},
     {{5.9, 3.6}, {6.5, 3.9}},
     403,
     20,
     116,
     5.8,
     NULL},
    {"ru-net-30",
     2,
     "",
     {{1.7, 1.0}, {1.9, 1.1}},
     {{5.6, 3.3}, {6.0, 4.1}},
     306,
     15,
     33,
     1.7,
     NULL},
    /* Section IV. */
    {"ru-net-inception", 2, "", NO_FIGURES, 0, NAN, 0, NAN,
     "slightly worse than RU-Net"},
    {"ru-net-weighted", 2, "", NO_FIGURES, 0, NAN, 0, NAN,
     "slightly worse than RU-Net"},
    {"ru-net-cascade", 4, "", NO_FIGURES, 0, 16, 0, 2, "similar to RU-Net"},
    {"ru-net-pretrained", 2, "", NO_FIGURES, 0, 16, 0, 2, "similar to RU-Net"},
    {"ru-net-light", 2, "", NO_FIGURES, 0, NAN, 0, NAN,
     "the second output gains more than with RU-Net"},
};

const RunetPaperRow *
runet_paper_row_find (const char *method, guint stage) {
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].method, method) && rows[i].stage == stage)
      return &rows[i];
  return NULL;
}
