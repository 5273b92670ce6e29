#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CSupport.h"

int cs_errno(void) { return errno; }

int cs_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

#if defined(__linux__)
int cs_flush(int descriptor) { return fdatasync(descriptor); }
int64_t cs_modified(const struct stat *about) { return about->st_mtim.tv_sec * 1000000000LL + about->st_mtim.tv_nsec; }
int64_t cs_changed(const struct stat *about) { return about->st_ctim.tv_sec * 1000000000LL + about->st_ctim.tv_nsec; }
#else
int cs_flush(int descriptor) { return fsync(descriptor); }
int64_t cs_modified(const struct stat *about) {
    return about->st_mtimespec.tv_sec * 1000000000LL + about->st_mtimespec.tv_nsec;
}
int64_t cs_changed(const struct stat *about) {
    return about->st_ctimespec.tv_sec * 1000000000LL + about->st_ctimespec.tv_nsec;
}
#endif

bool cs_is_folder(const struct stat *about) { return S_ISDIR(about->st_mode); }
bool cs_is_regular(const struct stat *about) { return S_ISREG(about->st_mode); }

int cs_set_close_on_exec(int descriptor, bool closes) { return fcntl(descriptor, F_SETFD, closes ? FD_CLOEXEC : 0); }

int cs_reopen_nonblocking(int descriptor) {
    char path[PATH_MAX];
#if defined(__linux__)
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
#else
    if (ttyname_r(descriptor, path, sizeof path) != 0) return -1;
#endif
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int cs_open_pseudo_terminal(char *path, size_t size) {
    int descriptor = posix_openpt(O_RDWR | O_NOCTTY);
    if (descriptor < 0) return -1;
    const char *name = grantpt(descriptor) == 0 && unlockpt(descriptor) == 0 ? ptsname(descriptor) : NULL;
    if (name == NULL || strlen(name) >= size) {
        close(descriptor);
        return -1;
    }
    strcpy(path, name);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
}
