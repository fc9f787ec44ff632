"""What an XLSForm collects and a questionnaire does not: places, recordings, the device."""

from pipeline.importers.xlsform_reading import Reading
from pipeline.intake.definitions.xlsform import Row

_WHY_LOST = {
    "geopoint": "位置", "geotrace": "路线", "geoshape": "区域边界", "image": "图片",
    "audio": "录音", "video": "录像", "file": "上传的文件", "barcode": "条码",
}  # fmt: skip
PRIVATE = {
    "deviceid": "设备编号", "phonenumber": "电话号码", "subscriberid": "SIM 卡用户编号",
    "simserial": "SIM 卡编号", "email": "电子邮箱", "username": "访员账号",
    "start-geopoint": "开始时的位置", "background-geopoint": "位置", "audio_audit": "录音抽查",
    "background-audio": "录音",
}  # fmt: skip
AUTOMATIC = ("start", "end", "today", "caseid", "audit", "text_audit", "comments")


def tell_lost(row: Row, reading: Reading) -> None:
    """Tell why a row is no question."""
    if row.type in PRIVATE:
        reading.left(row, f"{PRIVATE[row.type]}（{row.type}）不收集，保护隐私。")
    elif row.type in AUTOMATIC:
        return  # our own forms have their times; nothing is asked
    elif row.type in _WHY_LOST:
        reading.left(row, f"{_WHY_LOST[row.type]}（{row.type}）没有对应的题型，没有带过来。")
    else:
        reading.left(row, f"不认识的题型 {row.type!r}，没有带过来。")


def is_silent(row: Row) -> bool:
    """Tell whether a row asks nobody anything and shows nothing."""
    return row.type in AUTOMATIC or row.type in PRIVATE
