/* `runet`: the library from the command line. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const RunetCommand commands[] = {
    {"bench", "Time a network on this machine", runet_command_bench},
    {"calibrate", "Recompute the limits of the anatomical outliers",
     runet_command_calibrate},
    {"compare", "Compare two segmentations", runet_command_compare},
    {"crossval", "Make the tables of the paper on the folds of a data set",
     runet_command_crossval},
    {"evaluate", "Measure a model or predictions against the experts",
     runet_command_evaluate},
    {"export", "Print what people decided, write the contours they made",
     runet_command_export},
    {"import", "Take masks made elsewhere into a record", runet_command_import},
    {"info", "Say what an image, a data set or a model is", runet_command_info},
    {"measure", "Measure volumes and ejection fraction", runet_command_measure},
    {"models", "List registered models, promote one, roll back", runet_command_models},
    {"phantom", "Make synthetic studies in the CAMUS layout", runet_command_phantom},
    {"queue", "In which order views are best reviewed", runet_command_queue},
    {"retrain", "Fine-tune a model on what people corrected", runet_command_retrain},
    {"segment", "Segment images, patients or data sets", runet_command_segment},
    {"train", "Train a network on data sets", runet_command_train},
};

static void
print_help (FILE *out) {
  fputs ("Usage: runet COMMAND [OPTION...] ...\n\n"
         "Automatic segmentation of 2D echocardiograms by RU-Net: for research, not a "
         "medical "
         "device.\n\nCommands:\n",
         out);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (out, "  %-10s %s\n", commands[i].name, commands[i].summary);
  fputs ("\nrunet COMMAND --help explains one. All take --json.\n", out);
}

/* Where one of the three standard streams is closed, the first file that is opened would become it
 * and take what is printed. Writing to a closed standard output still fails, as it should. */
static void
fill_standard_streams (void) {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
    if (fcntl (stream, F_GETFD) < 0 &&
        open ("/dev/null", stream == STDOUT_FILENO ? O_RDONLY : O_RDWR) != stream)
      _exit (RUNET_EXIT_FAILED);
}

/* A full disk behind standard output must not look like success. */
static int
check_printed (int exit_code) {
  gboolean failed = ferror (stdout) != 0;
  if (fflush (stdout) == 0 && !failed)
    return exit_code;
  fprintf (stderr, "runet: standard output: expected to write to it, found: %s\n",
           g_strerror (errno));
  return exit_code == RUNET_EXIT_DONE ? RUNET_EXIT_FAILED : exit_code;
}

static int
run (int argc, char *argv[]) {
  if (argc < 2) {
    print_help (stderr);
    return RUNET_EXIT_USAGE;
  }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 ||
      strcmp (argv[1], "help") == 0) {
    print_help (stdout);
    return RUNET_EXIT_DONE;
  }
  if (strcmp (argv[1], "--version") == 0) {
    puts ("runet " RUNET_VERSION);
    return RUNET_EXIT_DONE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      return commands[i].run (argc - 1, argv + 1);
  fprintf (stderr, "runet: unknown command '%s' (see runet --help)\n", argv[1]);
  return RUNET_EXIT_USAGE;
}

int
main (int argc, char *argv[]) {
  fill_standard_streams ();
  setlocale (LC_ALL, "");
  return check_printed (run (argc, argv));
}
