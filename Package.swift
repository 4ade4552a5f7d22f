// swift-tools-version: 6.1
// The house: one target per wall that a compiler should guard. See the architecture page in
// Sources/tocsin/tocsin.docc for what each room is for and what it may import; Scripts/check-layers enforces it.
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A Swift target under Sources/, with the settings every target of the package shares.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The test target that mirrors a room.
func tests(_ room: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(room)Tests", dependencies: [.byName(name: room), "TestSupport"] + dependencies,
        swiftSettings: strict)
}

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = ["NIOCore", "NIOPosix"].map { Target.Dependency.product(name: $0, package: "swift-nio") }
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

#if arch(arm64)
let architecture = "aarch64"
#else
let architecture = "x86_64"
#endif

let package = Package(
    name: "tocsin",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "tocsin", targets: ["tocsin"]),
        // Reads and writes foreign formats for `tocsin`, which starts it; installed beside it.
        .executable(name: "tocsin-exchange", targets: ["Exchange"]),
        // The modem of one fax call, which `tocsin` starts; installed beside it.
        .executable(name: "tocsin-fax", targets: ["FaxModem"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // Ring 0: C
        .systemLibrary(name: "CGEOS"),
        .systemLibrary(name: "CPROJ"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CSodium"),
        .systemLibrary(name: "CQREncode"),
        .target(name: "CSpatiaLite", linkerSettings: [.linkedLibrary("spatialite"), .linkedLibrary("sqlite3")]),
        .target(name: "CPageStream", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CZoneIndex", linkerSettings: [.linkedLibrary("proj")]),
        .target(
            name: "CPhoneNumber",
            linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("protobuf"), .linkedLibrary("stdc++")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CSpawn"),
        // libre reads its headers by what was compiled into it; Debian's build has these.
        .target(
            name: "CRe",
            cSettings: [.unsafeFlags([
                "-I/usr/include/re", "-I/usr/include/rem", "-D_GNU_SOURCE", "-DHAVE_INTTYPES_H", "-DHAVE_STDBOOL_H", "-DHAVE_INET6", "-DUSE_OPENSSL",
            ])],
            linkerSettings: ["re", "rem", "ssl", "crypto"].map { .linkedLibrary($0) }),
        .target(name: "CFido2", linkerSettings: ["fido2", "cbor", "crypto"].map { .linkedLibrary($0) }),
        .target(
            name: "CGDAL",
            linkerSettings: [.linkedLibrary("gdal"), .linkedLibrary("sqlite3"), .linkedLibrary("stdc++")]),

        // Pango's headers include each other by names that only its own folders give; the last is Debian's for the machine.
        .target(
            name: "CPrint",
            cSettings: [.unsafeFlags([
                "/usr/include/pango-1.0", "/usr/include/glib-2.0", "/usr/include/harfbuzz", "/usr/include/cairo",
                "/usr/lib/\(architecture)-linux-gnu/glib-2.0/include",
            ].map { "-I" + $0 })],
            linkerSettings: ["pangocairo-1.0", "pango-1.0", "gobject-2.0", "cairo"].map { .linkedLibrary($0) }),

        // Ring 1: values
        room("GeoModel"),
        room("AlertModel", ["GeoModel", crypto]),

        // Ring 2: engines
        room("GeoEngine", ["GeoModel", "CGEOS", "CPROJ", "CZoneIndex"]),
        room("Geocoding", ["GeoModel"]),
        room("Targeting", ["GeoModel", "AlertModel", "GeoEngine"]),
        room("Campaigns", ["GeoModel", "AlertModel", crypto]),
        room("Dispatching", ["AlertModel", log]),
        room("WebAuthn", ["CFido2"]),
        room("Mail", ["AlertModel", "CCurl", crypto, cryptoExtras]),
        room("Telephony", ["CRe"]),
        room("Fax", ["Telephony", "CSpawn"]),
        room("Speech", ["CSpawn"]),
        room("SMPP", ["AlertModel", log, .product(name: "NIOSSL", package: "swift-nio-ssl")] + nio),

        // Ring 3: live
        room("Store", ["GeoModel", "AlertModel", "GeoEngine", "Geocoding", "Targeting", "Campaigns", "Dispatching", "CSpatiaLite",
                       "CSodium", "CZoneIndex", "CPageStream", crypto, grdb]),
        room("Import", ["Store", "GeoModel", "AlertModel", "GeoEngine", "Geocoding", "CSpawn", "CZlib", "CPhoneNumber",
                        crypto]),
        room("Channels", ["GeoModel", "AlertModel", "Dispatching", "Mail", "SMPP", "Telephony", "Speech", "Fax", crypto, log,
                          .product(name: "AsyncHTTPClient", package: "async-http-client"),
                          .product(name: "NIOHTTP1", package: "swift-nio"),
                          .product(name: "NIOSSL", package: "swift-nio-ssl")] + nio),
        room("Switchboard", ["AlertModel", "Campaigns", "Telephony", "Speech", log]),
        room("Reports", ["AlertModel", "GeoModel", "Targeting"]),
        .target(
            name: "Console",
            dependencies: [
                "GeoModel", "AlertModel", "Campaigns", "GeoEngine", "WebAuthn", "CQREncode", crypto, log,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["Public"], swiftSettings: strict),

        // Ring 4: the product, and the process it reads foreign files in
        .executableTarget(name: "FaxModem", linkerSettings: ["spandsp", "tiff", "m"].map { .linkedLibrary($0) }),
        .executableTarget(name: "Exchange", dependencies: ["GeoModel", "GeoEngine", "CGDAL", "CPrint"], swiftSettings: strict),
        .executableTarget(
            name: "tocsin",
            dependencies: [
                "GeoModel", "AlertModel", "GeoEngine", "Geocoding", "Targeting", "Campaigns", "Dispatching", "Mail",
                "SMPP", "Telephony", "Speech", "Fax", "WebAuthn", "Store", "Import", "Channels", "Switchboard", "Reports", "Console", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // Tests
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "DispatchSupport", dependencies: ["AlertModel", "Campaigns", "Channels", "Dispatching", "GeoModel", log],
            path: "Tests/DispatchSupport", swiftSettings: strict),
        tests("GeoModel"),
        tests("AlertModel", ["GeoModel"]),
        tests("GeoEngine", ["GeoModel"]),
        tests("Geocoding", ["GeoModel", "Store", grdb]),
        tests("Targeting", ["AlertModel", "GeoEngine", "GeoModel"]),
        tests("Store", ["AlertModel", "Campaigns", "GeoEngine", "GeoModel", "Geocoding", "Targeting", grdb]),
        tests("Import", ["AlertModel", "GeoModel", "Geocoding", "Store", "Targeting", grdb]),
        tests("Reports", ["AlertModel", "GeoModel", "Targeting"]),
        tests("Campaigns", ["AlertModel", "GeoModel", "DispatchSupport"]),
        tests("Dispatching", ["AlertModel", "Channels", "DispatchSupport", log]),
        tests("Mail", ["AlertModel", "DispatchSupport"]),
        tests("WebAuthn", [crypto]),
        tests("Telephony", ["DispatchSupport"]),
        tests("Speech"),
        tests("Switchboard", ["AlertModel", "Campaigns", "Telephony", "DispatchSupport", "Speech", log]),
        tests("SMPP", ["AlertModel", log] + nio),
        tests("Fax"),
        tests("Channels", ["AlertModel", "Telephony", "Fax", "Dispatching", "GeoModel", "Mail", "SMPP", "DispatchSupport", log]),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Store", "AlertModel", "Campaigns", "Channels", "Dispatching", "DispatchSupport", "GeoModel", "Mail",
                "TestSupport", grdb, log,
            ],
            swiftSettings: strict),
        tests("Console", [
            "WebAuthn", "AlertModel", "Campaigns", "GeoEngine", "GeoModel", log, .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdTesting", package: "hummingbird"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ]),
    ],
    swiftLanguageModes: [.v6]
)
