#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// The engines take and give degrees; these keep the conversion in one place, and Foundation out.

func sin(degrees: Double) -> Double { sin(degrees * .pi / 180) }
func cos(degrees: Double) -> Double { cos(degrees * .pi / 180) }
func arcSineDegrees(_ value: Double) -> Double { asin(max(-1, min(1, value))) * 180 / .pi }
func arcSine(_ value: Double) -> Double { asin(max(-1, min(1, value))) }
func sine(_ radians: Double) -> Double { sin(radians) }
func arcTangentOfHyperbolicSineDegrees(_ value: Double) -> Double { atan(sinh(value)) * 180 / .pi }
func hyperbolicArcTangent(_ value: Double) -> Double { atanh(value) }
