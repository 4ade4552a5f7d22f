#include "CGDAL.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>
#include <strings.h>

#include <gdal/cpl_vsi.h>
#include <sqlite3.h>

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

int64_t cgdal_size(const char *path) {
    VSIStatBufL about;
    return VSIStatL(path, &about) == 0 ? static_cast<int64_t>(about.st_size) : -1;
}

size_t cgdal_read(const char *path, int64_t offset, void *bytes, size_t count) {
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return 0;
    size_t read = 0;
    if (VSIFSeekL(file, static_cast<vsi_l_offset>(offset), SEEK_SET) == 0) read = VSIFReadL(bytes, 1, count, file);
    VSIFCloseL(file);
    return read;
}

// Whether a definition reads CREATE VIRTUAL TABLE name USING rtree(…), and cannot be read otherwise.
static bool is_spatial_index(const char *sql) {
    auto skip = [&sql](const char *word) {
        while (std::isspace(static_cast<unsigned char>(*sql))) sql++;
        size_t length = std::strlen(word);
        if (strncasecmp(sql, word, length) != 0) return false;
        sql += length;
        return true;
    };
    if (!skip("CREATE") || !skip("VIRTUAL") || !skip("TABLE") || !skip("")) return false;
    if (*sql == '"') {
        // Two quotes inside a name stand for one, and do not end it.
        for (sql++; *sql; sql++)
            if (*sql == '"' && *++sql != '"') break;
    } else {
        while (std::isalnum(static_cast<unsigned char>(*sql)) || *sql == '_') sql++;
    }
    return std::isspace(static_cast<unsigned char>(*sql)) && skip("USING ") && skip("rtree") && skip("(");
}

int cgdal_has_foreign_tables(const char *path) {
    // Plain SQLite runs nothing to read this table of its own.
    std::string name = std::string("file:") + path + "?immutable=1";
    sqlite3 *database = nullptr;
    sqlite3_stmt *statement = nullptr;
    const char *query =
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND (ifnull(rootpage, 0) = 0 OR sql LIKE '%VIRTUAL%')";
    int answer = -1;
    if (sqlite3_open_v2(name.c_str(), &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(database, query, -1, &statement, nullptr) == SQLITE_OK) {
        int code;
        bool foreign = false;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            const char *sql = reinterpret_cast<const char *>(sqlite3_column_text(statement, 0));
            foreign = foreign || !sql || !is_spatial_index(sql);
        }
        if (code == SQLITE_DONE) answer = foreign;
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return answer;
}
