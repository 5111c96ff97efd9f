package dev.snoozy.kernels.arm;

import dev.snoozy.kernels.arm.Vec.Arrangement;

import java.util.EnumSet;
import java.util.Set;

/**
 * Vector instructions with what their encoding needs (Arm Architecture Reference Manual, chapter
 * C7). The constants have the instruction's name. Numbers are the word with all registers 0, of the
 * shortest arrangement: of vectors alone, and with one element for all lanes as the last operand; 0
 * where there is no such form.
 */
public enum NeonOp {
    // ---- bits
    AND(Kind.BYTES, 0x0E201C00, 0),
    BIC(Kind.BYTES, 0x0E601C00, 0),
    ORR(Kind.BYTES, 0x0EA01C00, 0),
    EOR(Kind.BYTES, 0x2E201C00, 0),
    BSL(Kind.BYTES, 0x2E601C00, 0),

    // ---- places
    TBL(Kind.TABLE, 0x0E000000, 0),
    UZP1(Kind.ALL, 0x0E001800, 0),
    UZP2(Kind.ALL, 0x0E005800, 0),
    TRN1(Kind.ALL, 0x0E002800, 0),
    TRN2(Kind.ALL, 0x0E006800, 0),
    ZIP1(Kind.ALL, 0x0E003800, 0),
    ZIP2(Kind.ALL, 0x0E007800, 0),

    // ---- integers
    ADD(Kind.ALL, 0x0E208400, 0),
    SUB(Kind.ALL, 0x2E208400, 0),
    MUL(Kind.INTEGERS, 0x0E209C00, 0),
    MLA(Kind.INTEGERS, 0x0E209400, 0),
    SMAX(Kind.INTEGERS, 0x0E206400, 0),
    SMIN(Kind.INTEGERS, 0x0E206C00, 0),
    ADDP(Kind.ALL, 0x0E20BC00, 0),
    ABS(Kind.ALL_OF_ONE, 0x0E20B800, 0),
    NEG(Kind.ALL_OF_ONE, 0x2E20B800, 0),

    // ---- products of bytes and halves, summed by fours and twos
    SDOT(Kind.DOT, 0x0E809400, 0x0F80E000),
    UDOT(Kind.DOT, 0x2E809400, 0x2F80E000),
    USDOT(Kind.DOT, 0x0E809C00, 0x0F80F000),
    SUDOT(Kind.DOT, 0, 0x0F00F000),
    SMMLA(Kind.MATRIX, 0x0E80A400, 0),
    UMMLA(Kind.MATRIX, 0x2E80A400, 0),
    USMMLA(Kind.MATRIX, 0x0E80AC00, 0),
    BFDOT(Kind.HALF_DOT, 0x2E40FC00, 0x0F40F000),
    BFMMLA(Kind.HALF_MATRIX, 0x2E40EC00, 0),

    // ---- shifts by a constant
    SHL(Kind.SHIFT_LEFT, 0x0F005400, 0),
    SLI(Kind.SHIFT_LEFT, 0x2F005400, 0),
    USHR(Kind.SHIFT_RIGHT, 0x2F000400, 0),
    SSHR(Kind.SHIFT_RIGHT, 0x0F000400, 0),
    SRI(Kind.SHIFT_RIGHT, 0x2F004400, 0),

    // ---- to twice the width, and back; from or to the upper half if that operand is 16 bytes
    SXTL(Kind.LONG_BY_SHIFT, 0x0F00A400, 0),
    UXTL(Kind.LONG_BY_SHIFT, 0x2F00A400, 0),
    SHLL(Kind.LONG, 0x2E213800, 0),
    XTN(Kind.NARROW, 0x0E212800, 0),
    FCVTL(Kind.FLOAT_LONG, 0x0E217800, 0),
    FCVTN(Kind.FLOAT_NARROW, 0x0E216800, 0),
    BFCVTN(Kind.FLOAT_NARROW, 0x0EA16800, 0),

    // ---- floats
    FADD(Kind.FLOATS, 0x0E20D400, 0),
    FSUB(Kind.FLOATS, 0x0EA0D400, 0),
    FMUL(Kind.FLOATS, 0x2E20DC00, 0x0F809000),
    FDIV(Kind.FLOATS, 0x2E20FC00, 0),
    FMAX(Kind.FLOATS, 0x0E20F400, 0),
    FMIN(Kind.FLOATS, 0x0EA0F400, 0),
    FMLA(Kind.FLOATS, 0x0E20CC00, 0x0F801000),
    FMLS(Kind.FLOATS, 0x0EA0CC00, 0x0F805000),
    FADDP(Kind.FLOATS, 0x2E20D400, 0),
    FABS(Kind.FLOATS_OF_ONE, 0x0EA0F800, 0),
    FNEG(Kind.FLOATS_OF_ONE, 0x2EA0F800, 0),
    FRINTN(Kind.FLOATS_OF_ONE, 0x0E218800, 0),
    SCVTF(Kind.FLOATS_OF_ONE, 0x0E21D800, 0),
    UCVTF(Kind.FLOATS_OF_ONE, 0x2E21D800, 0),
    FCVTNS(Kind.FLOATS_OF_ONE, 0x0E21A800, 0),
    FCVTZS(Kind.FLOATS_OF_ONE, 0x0EA1B800, 0),

    // ---- across the lanes
    ADDV(Kind.ACROSS, 0x0E31B800, 0),
    SMAXV(Kind.ACROSS, 0x0E30A800, 0),
    FMAXV(Kind.FLOAT_ACROSS, 0x2E30F800, 0),
    FMINV(Kind.FLOAT_ACROSS, 0x2EB0F800, 0);

    private static final Set<Arrangement> INTEGER_VECTORS =
            EnumSet.of(
                    Arrangement.B8,
                    Arrangement.B16,
                    Arrangement.H4,
                    Arrangement.H8,
                    Arrangement.S2,
                    Arrangement.S4);
    private static final Set<Arrangement> FLOAT_VECTORS =
            EnumSet.of(Arrangement.S2, Arrangement.S4, Arrangement.D2);

    /** What the operands are, and where their size stands in the word. */
    public enum Kind {
        /** Bytes; the size is part of the opcode. */
        BYTES,
        /** A table of sixteen bytes, and indices into it. */
        TABLE,
        /** Integers of up to four bytes. */
        INTEGERS,
        /** Integers of up to eight bytes. */
        ALL,
        ALL_OF_ONE,
        /** Sums of four bytes by bytes. */
        DOT,
        /** Sums of eight bytes by bytes, of two rows and two columns. */
        MATRIX,
        /** Sums of two halves by halves. */
        HALF_DOT,
        /** Sums of four halves by halves, of two rows and two columns. */
        HALF_MATRIX,
        SHIFT_LEFT,
        SHIFT_RIGHT,
        LONG,
        /** A longer form that is a shift by nothing. */
        LONG_BY_SHIFT,
        NARROW,
        FLOATS,
        FLOATS_OF_ONE,
        FLOAT_LONG,
        FLOAT_NARROW,
        ACROSS,
        FLOAT_ACROSS
    }

    private final Kind kind;
    private final int word;
    private final int elementWord;

    NeonOp(Kind kind, int word, int elementWord) {
        this.kind = kind;
        this.word = word;
        this.elementWord = elementWord;
    }

    public Kind kind() {
        return kind;
    }

    /** The word of the form with vectors alone, or 0. */
    int word() {
        return word;
    }

    /** The word of the form with one element for all lanes, or 0. */
    int elementWord() {
        return elementWord;
    }

    /** The element that the last operand can be, if there is such a form. */
    Element.Size element(Arrangement to) {
        return switch (kind) {
            case DOT -> Element.Size.B4;
            case HALF_DOT -> Element.Size.H2;
            default -> to == Arrangement.D2 ? Element.Size.D : Element.Size.S;
        };
    }

    /** Whether an instruction has this form: its result, and what it reads first. */
    boolean takes(Arrangement to, Arrangement from) {
        boolean full = from.bytes() == 16;
        return switch (kind) {
            case BYTES -> to == from && to.log() == 0 && !to.isScalar();
            case TABLE -> to == Arrangement.B16 && from == to;
            case INTEGERS -> to == from && INTEGER_VECTORS.contains(to);
            case ALL, ALL_OF_ONE, SHIFT_LEFT, SHIFT_RIGHT ->
                    to == from && (INTEGER_VECTORS.contains(to) || to == Arrangement.D2);
            case DOT -> to == (full ? Arrangement.S4 : Arrangement.S2) && isBytes(from);
            case MATRIX -> to == Arrangement.S4 && from == Arrangement.B16;
            case HALF_DOT ->
                    to == (full ? Arrangement.S4 : Arrangement.S2)
                            && (from == Arrangement.H8 || from == Arrangement.H4);
            case HALF_MATRIX -> to == Arrangement.S4 && from == Arrangement.H8;
            case LONG, LONG_BY_SHIFT -> INTEGER_VECTORS.contains(from) && isTwice(to, from);
            case NARROW -> INTEGER_VECTORS.contains(to) && isTwice(from, to);
            case FLOATS, FLOATS_OF_ONE -> to == from && FLOAT_VECTORS.contains(to);
            case FLOAT_LONG -> to == Arrangement.S4 && from.log() == 1 && !from.isScalar();
            case FLOAT_NARROW -> from == Arrangement.S4 && to.log() == 1 && !to.isScalar();
            case ACROSS ->
                    INTEGER_VECTORS.contains(from)
                            && from != Arrangement.S2
                            && to.isScalar()
                            && to.log() == from.log();
            case FLOAT_ACROSS -> to == Arrangement.S && from == Arrangement.S4;
        };
    }

    private static boolean isBytes(Arrangement as) {
        return as == Arrangement.B16 || as == Arrangement.B8;
    }

    private static boolean isTwice(Arrangement wide, Arrangement narrow) {
        return wide.bytes() == 16 && !wide.isScalar() && wide.log() == narrow.log() + 1;
    }

    /** The bits that say how wide and of what size the operands are. */
    int sizeBits(Arrangement to, Arrangement from) {
        int q =
                (kind == Kind.NARROW || kind == Kind.FLOAT_NARROW ? to : from).bytes() == 16
                        ? 1
                        : 0;
        int size =
                switch (kind) {
                    case INTEGERS, ALL, ALL_OF_ONE, NARROW -> to.log();
                    case LONG, ACROSS -> from.log();
                    case FLOATS, FLOATS_OF_ONE -> to == Arrangement.D2 ? 1 : 0;
                    default -> 0;
                };
        return q << 30 | size << 22;
    }
}
