/* Which of the compiled kernels this processor can run. */
#include "convolution-kernels.h"

extern const RunetKernels runet_kernels_portable;
#ifdef RUNET_HAVE_AVX
extern const RunetKernels runet_kernels_avx2;
extern const RunetKernels runet_kernels_avx512;
#endif

const RunetKernels *const *
runet_kernels_get_usable (void) {
  static const RunetKernels *usable[4];
  static gsize ready;

  if (g_once_init_enter (&ready)) {
    guint count = 0;
#ifdef RUNET_HAVE_AVX
    __builtin_cpu_init ();
    gboolean avx2 = __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
    if (avx2 && __builtin_cpu_supports ("avx512f"))
      usable[count++] = &runet_kernels_avx512;
    if (avx2)
      usable[count++] = &runet_kernels_avx2;
#endif
    usable[count] = &runet_kernels_portable;
    g_once_init_leave (&ready, 1);
  }
  return usable;
}

static const RunetKernels *chosen; /* atomic */

const RunetKernels *
runet_kernels_get (void) {
  const RunetKernels *kernels = g_atomic_pointer_get (&chosen);
  return kernels != NULL ? kernels : runet_kernels_get_usable ()[0];
}

void
runet_kernels_set (const RunetKernels *kernels) {
  g_atomic_pointer_set (&chosen, kernels);
}
