/* A data set made for one test, opened, with its cases. */
#pragma once

#include "fixture.h"
#include "ui/case.h"

G_BEGIN_DECLS

typedef struct {
  char *folder; /* of fixture_folder(), filled before study_open() */
  RunetDataset *dataset;
  GListStore *cases;
} Study;

void
study_open (Study *study);
void
study_tear_down (Study *study, gconstpointer data);
/* (transfer none) */
RunetCase *
study_get_case (const Study *study, guint index);

G_END_DECLS
