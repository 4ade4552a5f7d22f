import AlertModel
import Testing

@testable import Campaigns

@Suite struct CascadeWordsTests {
    @Test func `steps and waits are read, and written back in one way`() throws {
        let cascade = try CascadeWords.read("SMS+email, 600s ,voice/2m,1h,fax", until: .answered)
        #expect(
            cascade
                == Cascade(
                    steps: [
                        .init(channels: [.sms, .email]), .init(channels: [.voice], waitSeconds: 600, eachSeconds: 120),
                        .init(channels: [.fax], waitSeconds: 3_600),
                    ], until: .answered))
        #expect(CascadeWords.write(cascade) == "sms+email,10m,voice/2m,1h,fax")
        #expect(try CascadeWords.read("voice/45s") == Cascade(steps: [.init(channels: [.voice], eachSeconds: 45)]))
    }

    @Test(arguments: ["", "sms,", "sms,10m", "sms,voice", "sms,10,voice", "sms,-1m,voice", "sms,10m,pigeon", "sms,0s,voice", "sms,99999999999999999999h,voice", "sms+,5m,fax", "voice/"])
    func `what is neither is refused, with the word`(text: String) {
        let error = #expect(throws: PolicyDocumentError.self) { try CascadeWords.read(text) }
        #expect(error?.reason.isEmpty == false)
    }

    private func policy(_ steps: [Cascade.Step], _ channels: [Channel]) -> Policy {
        Policy(
            channels: channels, maximumRetries: 1, retryPeriodSeconds: 1, validitySeconds: 60,
            cascade: Cascade(steps: steps, until: .delivered))
    }

    @Test func `every channel of the policy is in one step, and waits have bounds`() {
        let good = policy([.init(channels: [.sms]), .init(channels: [.voice], waitSeconds: 60)], [.sms, .voice])
        #expect(PolicyRules.problems(of: good).isEmpty)
        #expect(PolicyRules.problems(of: policy([.init(channels: [.sms])], [.sms, .fax])) == [.cascadeChannel(.fax)])
        #expect(
            PolicyRules.problems(of: policy([.init(channels: [.sms]), .init(channels: [.sms, .fax], waitSeconds: 5)], [.sms]))
                == [.cascadeChannel(.sms), .cascadeChannel(.fax)])
        #expect(PolicyRules.problems(of: policy([], [])) == [.cascadeSteps(0)])
        #expect(
            PolicyRules.problems(
                of: policy([.init(channels: [.sms], waitSeconds: 5), .init(channels: [.fax], eachSeconds: 90_000)], [.sms, .fax]))
                == [.cascadeWait(seconds: 0), .cascadeWait(seconds: 90_000), .cascadeWait(seconds: 5)])
    }

    @Test func `what is stored comes back, and what is in a file is read`() throws {
        let policy = policy(
            [.init(channels: [.sms]), .init(channels: [.voice], waitSeconds: 60, eachSeconds: 30)], [.sms, .voice])
        let text = RetryDocument.encode(policy)
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"cascade":{"steps":[{"channels":["sms"],"waitSeconds":0},{"channels":["voice"],"eachSeconds":30,"waitSeconds":60}],"until":"delivered"},"jitterPercent":0,"retries":{}}"#)
        #expect(try RetryDocument.decode(text).cascade == policy.cascade)
        for (text, path) in [
            (#"{"version":1,"cascade":{}}"#, "cascade.steps"), (#"{"version":1,"cascade":[]}"#, "cascade"),
            (#"{"version":1,"cascade":{"steps":[],"until":"read"}}"#, "cascade.until"),
            (#"{"version":1,"cascade":{"steps":[{"channels":["sms","pigeon"]}]}}"#, "cascade.steps.0.channels"),
            (#"{"version":1,"cascade":{"steps":[{"channels":["sms"],"wait":1}]}}"#, "cascade.steps.0.wait"),
        ] {
            let error = #expect(throws: PolicyDocumentError.self) { try PolicyDocument.decode(Array(text.utf8)) }
            #expect(error?.path == path)
        }
    }

    @Test func `ranks are hashed for a cascade, and for nothing else`() throws {
        func hash(_ policy: Policy, rank: Int) throws -> AudienceHash {
            var digest = AudienceDigest(zoneDocument: "{}".utf8, message: Message(subject: "s", text: "t"), policy: policy, mode: .exercise)
            try digest.update(
                AudienceEntry(
                    recipient: RecipientID(rawValue: 1), externalID: "a", name: nil, communeCode: nil, precision: .given,
                    certainty: .certain, language: "", why: "",
                    contactPoints: [ContactPoint(channel: .sms, address: Redacted("+33199000000"), rank: rank)]))
            return digest.finalize()
        }
        let cascade = policy([.init(channels: [.sms])], [.sms])
        let plain = PolicyRules.standard(channels: [.sms])
        #expect(try hash(cascade, rank: 1) != hash(cascade, rank: 2))
        #expect(try hash(plain, rank: 1) == hash(plain, rank: 2))
    }
}
