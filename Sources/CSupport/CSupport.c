#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CSupport.h"

int cs_errno(void) { return errno; }

int cs_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
