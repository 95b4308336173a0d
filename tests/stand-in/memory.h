/* Where the device's memory lies in the program's. */
#pragma once

#include <stddef.h>

namespace stand_in {

/* %NULL where there is none. Aligned to 256 bytes, as CUDA's. */
void *
block_new (size_t size);
/* Ends the program with a message where somebody wrote beside the block. */
void
block_free (void *block, size_t size);
/* Lets the program read and write the block, or not. */
void
block_open (void *block, size_t size, bool open);

} // namespace stand_in
