import AlertModel
import Foundation
import Logging
import Speech
import Synchronization
import Telephony

/// A trunk whose calls are taken: operators call it to launch, follow and stop.
package final class SwitchboardLine: Sendable {
    package struct Settings: Sendable {
        package var trunk: TrunkSettings
        /// The number that whoever is called back sees.
        package var caller: String
        package var command: SpeechCommand
        /// How a number is dialled.
        package var digits: @Sendable (String) -> String

        package init(trunk: TrunkSettings, caller: String, command: SpeechCommand, digits: @escaping @Sendable (String) -> String) {
            self.trunk = trunk
            self.caller = caller
            self.command = command
            self.digits = digits
        }
    }

    /// How often the trunk is asked whether it is there, which also keeps a firewall's way open.
    private static let probePeriod = Duration.seconds(30)
    /// Before a trunk that could not be opened is tried again.
    private static let retryPeriod = Duration.seconds(5)
    /// Whoever hung up needs a while to be free again.
    private static let beforeCallingBack = Duration.seconds(2)
    private static let ringing = Duration.seconds(40)

    private let settings: Settings
    private let desk: SwitchboardDesk
    private let speaker: Speaker
    private let logger: Logger
    private let gate = Mutex(CallerGate())

    package init(_ settings: Settings, desk: SwitchboardDesk, logger: Logger) {
        var settings = settings
        settings.trunk.takesCalls = true
        self.settings = settings
        self.desk = desk
        self.logger = logger
        speaker = Speaker(command: settings.command)
    }

    /// Takes calls until it is cancelled.
    package func run() async {
        var isFailing = false
        while !Task.isCancelled {
            let trunk = Trunk(settings.trunk)
            do {
                try await trunk.start()
                isFailing = false
                await serve(trunk)
            } catch {
                if !isFailing { logger.error("no calls are taken: the trunk is tried again", metadata: ["error": "\(error)"]) }
                isFailing = true
                try? await Task.sleep(for: Self.retryPeriod)
            }
            await trunk.stop()
        }
    }

    private func serve(_ trunk: Trunk) async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                let prober = Task { await self.probe(trunk) }
                for await arrival in trunk.incoming {
                    group.addTask { await self.take(arrival, trunk) }
                }
                prober.cancel()
            }
        } onCancel: {
            Task { await trunk.stop() }
        }
    }

    private func probe(_ trunk: Trunk) async {
        var wasUp: Bool?
        while !Task.isCancelled {
            let answer = await trunk.probe()
            let isUp = if case .status(let status) = answer { status < 500 } else { false }
            if isUp != wasUp {
                logger.log(level: isUp ? .notice : .error, isUp ? "calls are taken over the trunk" : "the trunk does not answer: no calls come in")
            }
            wasUp = isUp
            try? await Task.sleep(for: Self.probePeriod)
        }
    }

    private func take(_ arrival: IncomingCall, _ trunk: Trunk) async {
        let isKnown: Bool
        do { isKnown = if let caller = arrival.caller { try await desk.isKnown(caller) } else { false } } catch {
            logger.error("a call is not taken", metadata: ["error": "\(error)"])
            return arrival.call.hangUp()
        }
        guard gate.withLock({ $0.isOpen(toKnown: isKnown, at: .now) }) else {
            logger.warning("a call is turned away: too many wrong codes")
            return arrival.call.hangUp()
        }
        let claim = isKnown ? arrival.caller.map { CallerClaim.number($0) } : nil
        arrival.answer()
        if case .callBack(let number) = await lead(arrival.call, claim) {
            try? await Task.sleep(for: Self.beforeCallingBack)
            let call = trunk.dial(settings.digits(number), caller: settings.caller, ringing: Self.ringing)
            // The PIN is asked for again: whoever answers may be somebody else.
            _ = await lead(call, .number(number))
        }
    }

    private func lead(_ call: Call, _ claim: CallerClaim?) async -> Attendant.Outcome {
        let (outcome, wrong) = await Attendant.serve(call, claim: claim, desk: desk, speaker: speaker, logger: logger)
        if wrong > 0 { gate.withLock { $0.note(wrongTries: wrong, at: .now) } }
        return outcome
    }
}
