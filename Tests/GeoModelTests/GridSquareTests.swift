import GeoModel
import Testing

@Suite struct GridSquareTests {
    @Test func `an identifier says where its square lies, and comes back`() throws {
        let square = try #require(GridSquare(id: "CRS3035RES200mN2387600E3728800"))
        #expect((square.epsgCode, square.sideMetres) == (3035, 200))
        #expect((square.northMetres, square.eastMetres) == (2_387_600, 3_728_800))
        #expect(square.id == "CRS3035RES200mN2387600E3728800")
        #expect(GridSquare(id: " CRS2975RES1000mN7650000E338000 ")?.sideMetres == 1000)
    }

    @Test(arguments: [
        "", "CRS3035", "CRS3035RES200mN2387600", "CRS3035RES200mN2387600E", "CRS3035RES200mN2387601E3728800",
        "CRS3035RES200mN2387600E3728900x", "CRS4326RES200mN2387600E3728800", "CRS3035RES0mN0E0", "CRS3035RES7mN7E7",
        "CRS3035RES200mE3728800N2387600", "CRS3035RES200mN-200E200", "CRS3035RES200mN99999999999E200", "1kmN2387E3728",
        "CRS3035RES200mN٢E200",
    ])
    func `what is no square of the grid is none`(id: String) {
        #expect(GridSquare(id: id) == nil)
    }
}
