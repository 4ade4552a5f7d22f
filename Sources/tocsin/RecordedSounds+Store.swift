import Channels
import Store

extension AlertDatabase {
    /// What the database's recordings sound like.
    var recordedSounds: RecordedSounds {
        { hash in try await Offload.run { try self.sound(hash) } }
    }
}
