package dev.snoozy.kernels.x86;

/**
 * Vector instructions with what their encoding needs (Intel SDM volume 2, AMD APM volume 4). The
 * constants have the instruction's name; where VEX and EVEX name one opcode differently ({@code
 * vpand}, {@code vpandd}) it is the VEX name.
 */
public enum VectorOp {
    // ---- moves; the second opcode stores
    VMOVUPS(Map.F, Prefix.NONE, 0x10, 0, Tuple.WHOLE),
    VBROADCASTSS(Map.F38, Prefix.P66, 0x18, 0, Tuple.FOUR_BYTES),
    VPBROADCASTD(Map.F38, Prefix.P66, 0x58, 0, Tuple.FOUR_BYTES),
    VPBROADCASTW(Map.F38, Prefix.P66, 0x79, 0, Tuple.TWO_BYTES),
    VPMOVZXBW(Map.F38, Prefix.P66, 0x30, 0, Tuple.HALF),
    VPMOVSXBW(Map.F38, Prefix.P66, 0x20, 0, Tuple.HALF),
    VPMOVZXBD(Map.F38, Prefix.P66, 0x31, 0, Tuple.QUARTER),
    VPMOVSXBD(Map.F38, Prefix.P66, 0x21, 0, Tuple.QUARTER),
    VPMOVZXWD(Map.F38, Prefix.P66, 0x33, 0, Tuple.HALF),
    /** Four bytes; the rest of the register becomes zero. */
    VMOVD(Map.F, Prefix.P66, 0x6E, 0, Tuple.FOUR_BYTES, Form.VEX),

    // ---- integers
    VPAND(Map.F, Prefix.P66, 0xDB, 0, Tuple.FULL),
    VPANDN(Map.F, Prefix.P66, 0xDF, 0, Tuple.FULL),
    VPOR(Map.F, Prefix.P66, 0xEB, 0, Tuple.FULL),
    VPXOR(Map.F, Prefix.P66, 0xEF, 0, Tuple.FULL),
    VPADDB(Map.F, Prefix.P66, 0xFC, 0, Tuple.WHOLE),
    VPADDW(Map.F, Prefix.P66, 0xFD, 0, Tuple.WHOLE),
    VPADDD(Map.F, Prefix.P66, 0xFE, 0, Tuple.FULL),
    VPSUBB(Map.F, Prefix.P66, 0xF8, 0, Tuple.WHOLE),
    VPSUBD(Map.F, Prefix.P66, 0xFA, 0, Tuple.FULL),
    VPMAXSD(Map.F38, Prefix.P66, 0x3D, 0, Tuple.FULL),
    VPMINSD(Map.F38, Prefix.P66, 0x39, 0, Tuple.FULL),
    VPMULLD(Map.F38, Prefix.P66, 0x40, 0, Tuple.FULL),
    VPMADDWD(Map.F, Prefix.P66, 0xF5, 0, Tuple.WHOLE),
    VPMADDUBSW(Map.F38, Prefix.P66, 0x04, 0, Tuple.WHOLE),
    VPSIGNB(Map.F38, Prefix.P66, 0x08, 0, Tuple.WHOLE, Form.VEX),
    VPABSB(Map.F38, Prefix.P66, 0x1C, 0, Tuple.WHOLE),
    VPSHUFB(Map.F38, Prefix.P66, 0x00, 0, Tuple.WHOLE),
    VPDPBUSD(Map.F38, Prefix.P66, 0x50, 0, Tuple.FULL),
    VPDPWSSD(Map.F38, Prefix.P66, 0x52, 0, Tuple.FULL),
    VDPBF16PS(Map.F38, Prefix.PF3, 0x52, 0, Tuple.FULL, Form.EVEX),
    /** Reads twice the width that it writes. */
    VCVTNEPS2BF16(Map.F38, Prefix.PF3, 0x72, 0, Tuple.FULL, Form.EVEX),
    VPACKUSWB(Map.F, Prefix.P66, 0x67, 0, Tuple.WHOLE),
    VPACKUSDW(Map.F38, Prefix.P66, 0x2B, 0, Tuple.FULL),

    // ---- places within a vector; those with a constant end with it
    VPERMD(Map.F38, Prefix.P66, 0x36, 0, Tuple.FULL),
    VPSHUFD(Map.F, Prefix.P66, 0x70, 0, Tuple.FULL),
    VPERMILPS(Map.F3A, Prefix.P66, 0x04, 0, Tuple.FULL),
    VPERM2F128(Map.F3A, Prefix.P66, 0x06, 0, Tuple.WHOLE, Form.VEX),
    VSHUFF32X4(Map.F3A, Prefix.P66, 0x23, 0, Tuple.FULL, Form.EVEX),

    // ---- shifts by a constant: the opcode's digit stands in place of a register
    VPSRLW(Map.F, Prefix.P66, 0x71, 2, Tuple.WHOLE),
    VPSRLD(Map.F, Prefix.P66, 0x72, 2, Tuple.FULL),
    VPSRAD(Map.F, Prefix.P66, 0x72, 4, Tuple.FULL),
    VPSLLW(Map.F, Prefix.P66, 0x71, 6, Tuple.WHOLE),
    VPSLLD(Map.F, Prefix.P66, 0x72, 6, Tuple.FULL),

    // ---- floats
    VADDPS(Map.F, Prefix.NONE, 0x58, 0, Tuple.FULL),
    VSUBPS(Map.F, Prefix.NONE, 0x5C, 0, Tuple.FULL),
    VMULPS(Map.F, Prefix.NONE, 0x59, 0, Tuple.FULL),
    VDIVPS(Map.F, Prefix.NONE, 0x5E, 0, Tuple.FULL),
    VMAXPS(Map.F, Prefix.NONE, 0x5F, 0, Tuple.FULL),
    VMINPS(Map.F, Prefix.NONE, 0x5D, 0, Tuple.FULL),
    VFMADD231PS(Map.F38, Prefix.P66, 0xB8, 0, Tuple.FULL),
    VFMADD213PS(Map.F38, Prefix.P66, 0xA8, 0, Tuple.FULL),
    VFNMADD231PS(Map.F38, Prefix.P66, 0xBC, 0, Tuple.FULL),
    VCVTDQ2PS(Map.F, Prefix.NONE, 0x5B, 0, Tuple.FULL),
    VCVTPS2DQ(Map.F, Prefix.P66, 0x5B, 0, Tuple.FULL),
    VCVTPH2PS(Map.F38, Prefix.P66, 0x13, 0, Tuple.HALF),

    VCVTPS2PH(Map.F3A, Prefix.P66, 0x1D, 0, Tuple.HALF), // writes its last operand

    // ---- doubles, two of them
    VSQRTPD(Map.F, Prefix.P66, 0x51, 0, Tuple.WHOLE, Form.VEX),
    VDIVPD(Map.F, Prefix.P66, 0x5E, 0, Tuple.WHOLE, Form.VEX),
    VCVTPS2PD(Map.F, Prefix.NONE, 0x5A, 0, Tuple.HALF, Form.VEX),
    VCVTPD2PS(Map.F, Prefix.P66, 0x5A, 0, Tuple.WHOLE, Form.VEX);

    /** The opcode map. */
    public enum Map {
        F(1),
        F38(2),
        F3A(3);

        final int code;

        Map(int code) {
            this.code = code;
        }
    }

    /** The prefix that is part of the opcode. */
    public enum Prefix {
        NONE(0),
        P66(1),
        PF3(2);

        final int code;

        Prefix(int code) {
            this.code = code;
        }
    }

    /** The forms that an instruction has, of those that the assembler writes. */
    public enum Form {
        BOTH,
        VEX,
        EVEX
    }

    /** How much memory an operand takes; a short displacement counts in this size. */
    public enum Tuple {
        /** A vector, or four bytes for all lanes. */
        FULL,
        /** A vector. */
        WHOLE,
        HALF,
        QUARTER,
        FOUR_BYTES,
        TWO_BYTES
    }

    private final Map map;
    private final Prefix prefix;
    private final int opcode;
    private final int digit;
    private final Tuple tuple;
    private final Form form;

    VectorOp(Map map, Prefix prefix, int opcode, int digit, Tuple tuple) {
        this(map, prefix, opcode, digit, tuple, Form.BOTH);
    }

    VectorOp(Map map, Prefix prefix, int opcode, int digit, Tuple tuple, Form form) {
        this.map = map;
        this.prefix = prefix;
        this.opcode = opcode;
        this.digit = digit;
        this.tuple = tuple;
        this.form = form;
    }

    public int map() {
        return map.code;
    }

    public int prefix() {
        return prefix.code;
    }

    public int opcode() {
        return opcode;
    }

    /** The digit of a shift by a constant, 0 for other instructions. */
    public int digit() {
        return digit;
    }

    public Form form() {
        return form;
    }

    public boolean canBroadcast() {
        return tuple == Tuple.FULL && form != Form.VEX;
    }

    /** Bytes of a memory operand. */
    public int memoryBytes(Vec.Width width, boolean broadcast) {
        return switch (tuple) {
            case FULL -> broadcast ? 4 : width.bytes();
            case WHOLE -> width.bytes();
            case HALF -> width.bytes() / 2;
            case QUARTER -> width.bytes() / 4;
            case FOUR_BYTES -> 4;
            case TWO_BYTES -> 2;
        };
    }
}
