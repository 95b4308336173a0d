/* The one error domain of the library. */
#include "error.h"

G_DEFINE_QUARK (runet - error, runet_error)
