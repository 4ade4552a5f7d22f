import GRDB
import CSpatiaLite
