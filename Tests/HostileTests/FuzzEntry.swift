// SPDX-License-Identifier: Apache-2.0

#if FUZZING
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// libFuzzer's way in for programs with a beginning of their own, which the package manager gives to all.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ read: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program `albedo-fuzz`.
@main
enum FuzzProgram {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runDriver(&count, &arguments) { readOneInput($0, $1) })
    }
}

/// Reads one input: its first byte chooses the reader, the rest is read.
@_cdecl("LLVMFuzzerTestOneInput")
public func readOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: count)
    guard let first = bytes.first,
        let reader = ByteReader(rawValue: first % UInt8(ByteReader.allCases.count))
    else { return 0 }
    if let complaint = reader.complaint(about: Array(bytes.dropFirst())) { fatalError(complaint) }
    return 0
}
#endif
