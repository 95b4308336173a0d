/* What a writer is given: it decides whether the intensity scale of a header applies. */
#pragma once

typedef enum {
  RUNET_CONTENT_IMAGE, /* pixels in the units that the header's scale yields */
  RUNET_CONTENT_LABELS, /* labels are stored as they are; any scale is reset to one */
} RunetContent;
