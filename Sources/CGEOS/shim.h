// Only the re-entrant API: a context per chunk of work, never shared between threads.
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>
