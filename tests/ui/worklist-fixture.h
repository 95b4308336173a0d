/* A worklist of four patients in a window, and what is done with it. */
#pragma once

#include <gtk/gtk.h>
#include "fixture.h"
#include "ui/worklist.h"

G_BEGIN_DECLS

typedef struct {
  char *folder;
  RunetDataset *dataset;
  GListStore *cases;
  GtkWidget *window;
  RunetWorklist *list;
} WorklistFixture;

void
worklist_set_up (WorklistFixture *fixture, gconstpointer data);
void
worklist_tear_down (WorklistFixture *fixture, gconstpointer data);

/* (nullable) */
const char *
worklist_get_selected_name (WorklistFixture *fixture);
/* (transfer none): in the order of the data set. */
RunetCase *
worklist_get_case (WorklistFixture *fixture, guint index);
/* Gives it a result at end-diastole: a heart of @kind. */
void
worklist_give_result (RunetCase *item, FixtureKind kind);
/* Likewise, one that is an anatomical outlier. */
void
worklist_make_outlier (RunetCase *item);
/* "+Ada" accepts, "~Ada" corrects, "-Ada" rejects, "!Ada" flags; @deeds ends with NULL. */
void
worklist_review (RunetCase *item, const char *const *deeds);
void
worklist_decide (RunetCase *item, const char *deed);

/* (nullable): the first of that type in @widget. */
GtkWidget *
worklist_find_widget (GtkWidget *widget, GType type);
void
worklist_sort_by_header (WorklistFixture *fixture, guint column, GtkSortType direction);

G_END_DECLS
