"""Files that people send are small. What is larger is read to its end, so that the rest of the form
arrives, but not kept: the form then says that the file is too large, by its true size."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

KEPT = 2 * 1024 * 1024
READ = 32 * 1024 * 1024


class SmallFilesOnly(FileUploadHandler):
    """Keeps at most `KEPT` bytes of each file in memory; hangs up on a sender of more than `READ`."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.kept = BytesIO()
        self.came = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.came += len(raw_data)
        if self.came > READ:
            raise StopUpload(connection_reset=True)
        if self.came <= KEPT:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type or "", self.came,
            self.charset, self.content_type_extra,
        )  # fmt: skip
