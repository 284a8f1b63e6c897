// The numbers by which Arrow tells its types and units apart, as apache-arrow has them: the compiler compares the two. Its own
// enumerations bring the reader of Arrow files with them.
import type * as arrow from "apache-arrow/enum";

type Numbers<E> = { readonly [N in keyof E]?: E[N] };

export const Type = {
	Null: 1,
	Int: 2,
	Float: 3,
	Binary: 4,
	Utf8: 5,
	Bool: 6,
	Decimal: 7,
	Date: 8,
	Time: 9,
	Timestamp: 10,
	Interval: 11,
	List: 12,
	Struct: 13,
	FixedSizeBinary: 15,
	FixedSizeList: 16,
	Map: 17,
	Duration: 18,
	LargeBinary: 19,
	LargeUtf8: 20,
	LargeList: 21,
	BinaryView: 23,
	Utf8View: 24,
	Dictionary: -1,
} satisfies Numbers<typeof arrow.Type>;

export const Precision = { HALF: 0, SINGLE: 1, DOUBLE: 2 } satisfies Numbers<typeof arrow.Precision>;

export const DateUnit = { DAY: 0, MILLISECOND: 1 } satisfies Numbers<typeof arrow.DateUnit>;

export const TimeUnit = { SECOND: 0, MILLISECOND: 1, MICROSECOND: 2, NANOSECOND: 3 } satisfies Numbers<
	typeof arrow.TimeUnit
>;

export const IntervalUnit = { YEAR_MONTH: 0, DAY_TIME: 1, MONTH_DAY_NANO: 2 } satisfies Numbers<
	typeof arrow.IntervalUnit
>;
