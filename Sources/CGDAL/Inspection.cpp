#include "CGDAL.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <gdal/cpl_vsi.h>

int cgdal_file_contains(const char *path, const char *bytes, size_t count) {
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return 0;
    std::string window;
    char chunk[1 << 16];
    bool found = false;
    for (size_t read = 0, all = 0; !found && all < (64u << 20); all += read) {
        read = VSIFReadL(chunk, 1, sizeof chunk, file);
        if (read == 0) break;
        window.append(chunk, read);
        found = window.find(bytes, 0, count) != std::string::npos;
        if (window.size() > count) window.erase(0, window.size() - count);
    }
    VSIFCloseL(file);
    return found;
}

int cgdal_has_inline_runs(const char *path) {
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return 0;
    char chunk[1 << 16];
    char tag[4] = {0};  // What follows a "<": enough of it to tell <is>, <t> and </is> apart.
    size_t length = sizeof tag;
    bool inside = false, found = false;
    int texts = 0;
    for (size_t read; !found && (read = VSIFReadL(chunk, 1, sizeof chunk, file)) > 0;) {
        for (size_t i = 0; i < read; i++) {
            if (length == sizeof tag) {  // Between tags: on to the next one.
                const char *next = static_cast<const char *>(std::memchr(chunk + i, '<', read - i));
                if (!next) break;
                i = static_cast<size_t>(next - chunk);
                length = 0;
                continue;
            }
            tag[length++] = chunk[i];
            if (length < sizeof tag && chunk[i] != '>') continue;
            std::fill(tag + length, tag + sizeof tag, ' ');
            if (std::memcmp(tag, "is>", 3) == 0) { inside = true; texts = 0; }
            if (std::memcmp(tag, "/is", 3) == 0) inside = false;
            if (inside && tag[0] == 't' && (tag[1] == '>' || tag[1] == ' ') && ++texts > 1) { found = true; break; }
            length = sizeof tag;
        }
    }
    VSIFCloseL(file);
    return found;
}
